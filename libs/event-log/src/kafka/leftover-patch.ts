import { createRequire } from 'node:module';

interface Connection {
  /** What has come of a response that is not whole yet. */
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  readonly requestQueue: { fulfillRequest: (response: { correlationId: number }) => void };
  isConnected(): boolean;
  connect: (this: Connection) => Promise<boolean>;
}

/** The class of kafkajs for a connection to one broker; kafkajs does not export it. */
export const connectionClass = createRequire(import.meta.url)(
  'kafkajs/src/network/connection.js',
) as {
  new (options: object): Connection;
  readonly prototype: Connection;
};

/** Of the length that stands before each response. */
const lengthBytes = 4;

let patched = false;

/**
 * Forgets half a response when a connection is made anew. kafkajs 2.2.4 keeps it, and reads what the broker says on the
 * next connection as its rest: from then on it takes the wrong bytes for lengths, and waits for ever for a response of
 * gigabytes, so that a partition is published no more, or dies of an error that nobody can catch. Found by cutting
 * responses in their midst (tools/faults). To be removed when kafkajs is mended.
 */
export function patchLeftovers(): void {
  if (patched) return;
  patched = true;
  const { prototype } = connectionClass;
  const { connect } = prototype;
  prototype.connect = function () {
    if (!this.isConnected()) {
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = lengthBytes;
    }
    return connect.call(this);
  };
}
