import { Writable } from 'node:stream';
import type { Pool, PoolClient } from 'pg';

/**
 * A pool that ends like that of a process which is killed just before its statement number `last + 1`: all its connections
 * break off, and nothing is sent any more. `sent` tells what was.
 */
export function dyingPool(pool: Pool, last: number): { pool: Pool; sent: string[] } {
  const clients = new Set<PoolClient>();
  const sent: string[] = [];
  const die = (): never => {
    for (const client of clients) {
      (
        client as unknown as { connection: { stream: { destroy(): void } } }
      ).connection.stream.destroy();
    }
    throw new Error('the process was killed');
  };
  const watched = <Of extends Pool | PoolClient>(
    of: Of,
    ownConnect?: () => Promise<PoolClient>,
  ): Of =>
    new Proxy(of, {
      get: (object, name) => {
        if (name === 'connect' && ownConnect !== undefined) return ownConnect;
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        if (name !== 'query') return value.bind(object) as unknown;
        const send = (...args: unknown[]): unknown => {
          if (sent.length >= last) die();
          const [statement] = args as [string | { text: string }];
          sent.push(typeof statement === 'string' ? statement : statement.text);
          return (value as (...args: unknown[]) => unknown).apply(object, args);
        };
        // A stream of rows is answered with itself, all else with a promise.
        return (...args: unknown[]): unknown =>
          args[0] instanceof Writable ? send(...args) : Promise.try(send, ...args);
      },
    });
  const connect = async (): Promise<PoolClient> => {
    if (sent.length >= last) die();
    const client = await pool.connect();
    clients.add(client);
    return watched(client);
  };
  const connected = watched(pool, connect);
  return { pool: connected, sent };
}
