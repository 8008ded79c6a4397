import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { connectionClass, patchLeftovers } from './leftover-patch.ts';

const wholeResponse = (correlationId: number): Buffer => {
  const response = Buffer.alloc(4 + 4 + 2);
  response.writeInt32BE(6, 0);
  response.writeInt32BE(correlationId, 4);
  return response;
};

it('after a response that broke off, the next connection is understood', async () => {
  patchLeftovers();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    // Of the first response no more than its length, 256 bytes.
    if (connections === 1) socket.write(Buffer.from([0, 0, 1, 0]), () => socket.destroy());
    else socket.write(wholeResponse(7));
    onTestFinished(() => void socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  const connection = new connectionClass({
    ...{ host: '127.0.0.1', port, clientId: 'test', requestTimeout: 5_000 },
    connectionTimeout: 5_000,
    logger: { namespace: () => ({ debug: () => undefined, error: () => undefined }) },
    socketFactory: ({ onConnect }: { onConnect: () => void }) =>
      connect({ port, host: '127.0.0.1' }, onConnect),
  });
  const understood: number[] = [];
  connection.requestQueue.fulfillRequest = ({ correlationId }) => understood.push(correlationId);
  await connection.connect();
  await expect.poll(() => connection.isConnected(), { timeout: 10_000 }).toBe(false);
  await connection.connect();
  await expect.poll(() => understood, { timeout: 10_000 }).toEqual([7]);
});
