import { once, setMaxListeners } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { carry, over, type Weather } from './lane.ts';
import type { NetworkFault } from './network-fault.ts';

/** Stands before servers on loopback and can do to their clients what a network does. */
export interface TcpProxy {
  readonly port: number;
  /** From now on, for connections old and new; undefined heals. */
  set(fault: NetworkFault | undefined): void;
  /** Breaks every connection there is, once. */
  reset(): void;
  /** Connections that are open now. */
  readonly connectionCount: number;
  close(): Promise<void>;
}

/**
 * Listens on `port` of loopback, 0 for any. Connections go to the targets, ports of loopback, in turn, and to the next one where one
 * refuses.
 */
export async function startProxy(port: number, targets: readonly number[]): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  let changing: AbortController;
  let weather: Weather;
  const become = (fault: NetworkFault | undefined): void => {
    changing = new AbortController();
    // Each connection that is held waits for it.
    setMaxListeners(0, changing.signal);
    weather = { fault, change: changing.signal };
  };
  become(undefined);
  let turn = 0;

  const reset = (): void => {
    for (const client of clients) client.resetAndDestroy();
  };
  const set = (fault: NetworkFault | undefined): void => {
    const before = changing;
    become(fault);
    before.abort();
    if (fault?.kind === 'refuse') reset();
  };

  const serve = async (client: Socket): Promise<void> => {
    // The end of either side is seen by the lanes.
    client.on('error', () => undefined);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    if (weather.fault?.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    while (weather.fault?.kind === 'half-open') await over(weather.change);
    turn += 1;
    const server = await connectInTurn(targets, turn);
    if (server === undefined || client.destroyed) {
      server?.destroy();
      client.resetAndDestroy();
      return;
    }
    client.once('close', () => server.destroy());
    const now = (): Weather => weather;
    await Promise.all([
      carry('to-server', client, server, now),
      carry('to-client', server, client, now),
    ]).catch(() => client.resetAndDestroy());
  };

  // One side may end its half before the other.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    void serve(client);
  });
  await once(listener.listen(port, '127.0.0.1'), 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    set,
    reset,
    get connectionCount() {
      return clients.size;
    },
    close: async () => {
      listener.close();
      set(undefined);
      reset();
      await once(listener, 'close');
    },
  };
}

async function connectInTurn(
  targets: readonly number[],
  turn: number,
): Promise<Socket | undefined> {
  for (let step = 0; step < targets.length; step += 1) {
    const port = targets[(turn + step) % targets.length];
    if (port === undefined) continue;
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    try {
      await once(server, 'connect');
      server.on('error', () => undefined);
      return server;
    } catch {
      server.destroy();
    }
  }
  return undefined;
}
