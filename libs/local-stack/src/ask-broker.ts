import { once } from 'node:events';
import { connect } from 'node:net';

const waitMs = 2_000;

/** Metadata, version 1, of no topic: which brokers are there (https://kafka.apache.org/protocol). */
function metadataRequest(): Buffer {
  const clientId = Buffer.from('samspill-local-stack');
  const head = Buffer.alloc(10);
  head.writeInt16BE(3, 0);
  head.writeInt16BE(1, 2);
  head.writeInt32BE(1, 4);
  head.writeInt16BE(clientId.length, 8);
  const noTopics = Buffer.alloc(4);
  const size = Buffer.alloc(4);
  size.writeInt32BE(head.length + clientId.length + noTopics.length);
  return Buffer.concat([size, head, clientId, noTopics]);
}

/**
 * Resolves when the broker there answers and the cluster has let it in; rejects otherwise. Not by kafkajs: each of
 * its connections leaves a spinning timer, of which Node warns, and the patch against it is part of the event log.
 */
export async function askBroker(port: number, host = '127.0.0.1'): Promise<void> {
  const signal = AbortSignal.timeout(waitMs);
  const socket = connect(port, host);
  try {
    await once(socket, 'connect', { signal });
    socket.write(metadataRequest());
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
    // Size and correlation id go ahead of the number of brokers.
    if (answer.readInt32BE(8) < 1) throw new Error('the broker has not joined its cluster yet');
  } finally {
    socket.destroy();
  }
}
