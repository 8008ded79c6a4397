import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

const listen = async (answer: (socket: Socket) => void): Promise<Server> => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

let heard: Buffer[];
let echo: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  heard = [];
  echo = await listen((socket) => {
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      socket.write(chunk);
    });
    socket.on('end', () => socket.end());
  });
  proxy = await startProxy(0, [portOf(echo)]);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  echo.close();
});

const dial = (): Socket => {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  return socket;
};
const open = async (): Promise<Socket> => {
  const socket = dial();
  await once(socket, 'connect');
  return socket;
};
const answerTo = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
};
const brokenBy = async (socket: Socket): Promise<unknown> => {
  // Rejects when the connection broke before it closed.
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
  return socket.errored;
};

describe('a proxy without a fault', () => {
  it('carries a megabyte both ways, and the end of it', async () => {
    const socket = await open();
    const sent = Buffer.alloc(1024 * 1024, 'abcdefg');
    socket.end(sent);
    expect((await buffer(socket)).equals(sent)).toBe(true);
  });

  it('goes to the next target where one refuses, and to each in turn', async () => {
    const gone = await listen(() => undefined);
    const port = portOf(gone);
    gone.close();
    await once(gone, 'close');
    const names = await Promise.all(
      ['one', 'two'].map((name) => listen((socket) => socket.end(name))),
    );
    const balancer = await startProxy(0, [port, ...names.map(portOf)]);
    const said = new Set<string>();
    for (let n = 0; n < 6; n += 1) {
      said.add((await buffer(connect(balancer.port, '127.0.0.1'))).toString());
    }
    expect(said).toEqual(new Set(['one', 'two']));
    await balancer.close();
    for (const server of names) server.close();
  });
});

describe('a fault', () => {
  it('reset breaks the connections there are, and new ones pass', async () => {
    const socket = await open();
    await answerTo(socket, 'hello');
    proxy.reset();
    expect(await brokenBy(socket)).toMatchObject({ code: 'ECONNRESET' });
    expect(await answerTo(await open(), 'again')).toBe('again');
  });

  it('refuse breaks connections old and new until healed', async () => {
    const old = await open();
    await answerTo(old, 'hello');
    proxy.set({ kind: 'refuse' });
    expect(await brokenBy(old)).toMatchObject({ code: 'ECONNRESET' });
    expect(await brokenBy(dial())).toMatchObject({ code: 'ECONNRESET' });
    proxy.set(undefined);
    expect(await answerTo(await open(), 'again')).toBe('again');
  });

  it('half-open takes connections and lets nothing pass; once healed it arrives', async () => {
    const old = await open();
    await answerTo(old, 'hello');
    heard = [];
    proxy.set({ kind: 'half-open' });
    const fresh = await open();
    const late = [answerTo(old, 'old'), answerTo(fresh, 'fresh')];
    // The proxy has read what the old connection sent when a connection made after it is served.
    await expect.poll(() => proxy.connectionCount).toBe(2);
    expect(heard).toEqual([]);
    proxy.set(undefined);
    expect(await Promise.all(late)).toEqual(['old', 'fresh']);
  });

  it('cut to the client lets requests through and holds the answers', async () => {
    const socket = await open();
    proxy.set({ kind: 'cut', direction: 'to-client' });
    const answer = answerTo(socket, 'request');
    await expect.poll(() => Buffer.concat(heard).toString()).toBe('request');
    expect(socket.bytesRead).toBe(0);
    proxy.set(undefined);
    expect(await answer).toBe('request');
  });

  it('cut to the server holds requests', async () => {
    const socket = await open();
    await answerTo(socket, 'first');
    heard = [];
    proxy.set({ kind: 'cut', direction: 'to-server' });
    const answer = answerTo(socket, 'request');
    await answerTo(await otherDoor(), 'witness');
    expect(Buffer.concat(heard).toString()).toBe('witness');
    proxy.set(undefined);
    expect(await answer).toBe('request');
  });

  it('drop-responses lets a request through, and so many bytes of the answer', async () => {
    proxy.set({ kind: 'drop-responses', afterBytes: 4 });
    const socket = await open();
    const answer = answerTo(socket, 'requested');
    expect(await answer).toBe('requ');
    await brokenBy(socket);
    expect(Buffer.concat(heard).toString()).toBe('requested');
    proxy.set(undefined);
    expect(await answerTo(await open(), 'again')).toBe('again');
  });

  it('latency and bandwidth delay and lose nothing', async () => {
    for (const fault of [
      { kind: 'latency', ms: 20 },
      { kind: 'bandwidth', bytesPerSecond: 1_000_000 },
    ] as const) {
      proxy.set(fault);
      const socket = await open();
      const sent = Buffer.alloc(100_000, fault.kind);
      const start = performance.now();
      socket.end(sent);
      expect((await buffer(socket)).equals(sent)).toBe(true);
      // Timers may fire up to a millisecond early.
      expect(performance.now() - start).toBeGreaterThan(fault.kind === 'latency' ? 38 : 95);
    }
  });

  it('that is healed lets the rest of a slow line pass at once', async () => {
    proxy.set({ kind: 'bandwidth', bytesPerSecond: 10 });
    const socket = await open();
    const answer = answerTo(socket, 'a long text that would take some ten seconds to arrive');
    await expect.poll(() => proxy.connectionCount).toBe(1);
    proxy.set(undefined);
    expect(await answer).toContain('a long text');
  });
});

const otherDoor = async (): Promise<Socket> => {
  const socket = connect(portOf(echo), '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};
