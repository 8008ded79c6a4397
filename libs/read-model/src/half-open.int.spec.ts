import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createPool } from './pool.ts';
import { startServers, type Servers } from './sample/ward.ts';
import { inTransaction } from './transaction.ts';

let servers: Servers;
let network: Network;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
afterEach(() => network.close());

/** A way to PostgreSQL that can swallow everything while its connections stay open. */
class Network {
  readonly #sockets = new Set<Socket>();
  #swallows = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(databaseUrl: string): Promise<Network> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    const [host, port] = [url.hostname, Number(url.port)];
    url.port = String((server.address() as AddressInfo).port);
    const made = new Network(server, url.href);
    server.on('connection', (client) => made.#join(client, connect({ host, port })));
    return made;
  }

  swallow(on: boolean): void {
    this.#swallows = on;
  }

  close(): void {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(...pair: [Socket, Socket]): void {
    for (const [from, to] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      this.#sockets.add(from);
      from.on('data', (bytes) => this.#swallows || to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }
}

it('a transaction on a connection that swallows everything fails once, and the next takes a new one', async () => {
  network = await Network.to(servers.databaseUrl);
  const options = { schema: 'public', applicationName: 'half-open', statementTimeoutMs: 100 };
  const pool = createPool(network.url, { ...options, max: 1, graceMs: 200 });
  const backend = (): Promise<number> =>
    inTransaction(pool, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      return rows[0]?.pid ?? 0;
    });
  const before = await backend();
  const statements: string[] = [];
  const failing = inTransaction(pool, async (tx) => {
    const query = tx.query.bind(tx) as (text: string) => Promise<unknown>;
    tx.query = ((text: string) => {
      statements.push(text);
      return query(text);
    }) as typeof tx.query;
    network.swallow(true);
    await tx.query('SELECT 1');
  });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retriable: true });
  // A ROLLBACK would be waited for as long again, while the partition is held.
  expect(statements).toEqual(['SELECT 1']);
  network.swallow(false);
  expect(await backend()).not.toBe(before);
  await pool.end();
});
