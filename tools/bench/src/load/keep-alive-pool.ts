import { Pool } from 'undici';

/** A client with that many connections; as many as are needed at once unless told. An abort ends them, also in use. */
export function keepAlivePool(url: string, signal: AbortSignal, connections?: number): Pool {
  const pool = new Pool(url, { connections: connections ?? null, pipelining: 1 });
  signal.addEventListener('abort', () => void pool.destroy(), { once: true });
  return pool;
}
