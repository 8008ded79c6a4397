import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchedSockets } from './silence-watch.ts';

const [produce, fetch, joinGroup, apiVersions] = [0, 1, 11, 18];

/** Without TLS, which the types of kafkajs leave out. */
type Opening = Parameters<ReturnType<typeof watchedSockets>>[0];

let server: Server | undefined;
const sockets = new Set<Socket>();
const silences: number[] = [];
// The looks alone: sockets keep their own time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets) socket.destroy();
  server?.close();
  server = undefined;
  sockets.clear();
  silences.length = 0;
});

/** A broker of which a test decides what it sends, and a client connected to it. */
async function connected(): Promise<{ client: Socket; answer: (bytes: Buffer) => void }> {
  server ??= createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0);
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = watchedSockets(({ apiKey }) => silences.push(apiKey));
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = open({ host: '127.0.0.1', port, onConnect: () => undefined } as Opening);
  client.on('error', () => undefined);
  sockets.add(client);
  const [broker] = await accepted;
  return { client, answer: (bytes) => broker.write(bytes) };
}

/** Size, number of the request, and no more than that is looked at. */
const request = (apiKey: number): Buffer => {
  const bytes = Buffer.alloc(10);
  bytes.writeInt32BE(6);
  bytes.writeInt16BE(apiKey, 4);
  return bytes;
};
const answerOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(4 + length);
  bytes.writeInt32BE(length);
  return bytes;
};
const pass = (seconds: number): unknown => vi.advanceTimersByTime(seconds * 1_000);

it('a broker that answers nothing is given up as if it had closed the connection', async () => {
  const { client } = await connected();
  const ended = once(client, 'end');
  client.write(request(fetch));
  pass(4);
  expect(silences).toEqual([]);
  pass(1);
  await ended;
  expect(silences).toEqual([fetch]);
  expect(client.destroyed).toBe(true);
});

it('one that does not even say what it can do is an error, so that another is tried first', async () => {
  const { client } = await connected();
  client.write(request(apiVersions));
  const failed = once(client, 'error') as Promise<[Error]>;
  pass(5);
  const [error] = await failed;
  expect(error.message).toContain('does not answer');
});

it('an idle connection is left alone, and one whose answers come, in whatever pieces', async () => {
  const { client, answer } = await connected();
  client.write(request(produce));
  client.write(request(fetch));
  const bytes = Buffer.concat([answerOf(5), answerOf(700)]);
  let received = 0;
  client.on('data', ({ length }: Buffer) => (received += length));
  for (const at of bytes.keys()) answer(bytes.subarray(at, at + 1));
  await expect.poll(() => received).toBe(bytes.length);
  pass(60);
  expect(silences).toEqual([]);
});

it('an answer to one request does not stand for the next', async () => {
  const { client, answer } = await connected();
  client.write(request(fetch));
  client.write(request(produce));
  answer(answerOf(5));
  await once(client, 'data');
  const ended = once(client, 'end');
  pass(7);
  await ended;
  expect(silences).toEqual([produce]);
});

it('members are waited for as long as they take, but not at a broker that is silent elsewhere', async () => {
  const [joining, other] = [await connected(), await connected()];
  joining.client.write(request(joinGroup));
  pass(60);
  expect(silences).toEqual([]);
  other.client.write(request(fetch));
  pass(6);
  expect(silences).toEqual([fetch, joinGroup]);
});
