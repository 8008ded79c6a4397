import { pause } from '@samspill/kernel';
import type { Client } from 'pg';

/** Looks at a table all the time and tells when rows that are waited for are first seen. */
export interface Watch {
  /** Resolves with the moment, of `performance.now()`, at which a row of this event id was seen. Rejects after 30 s. */
  row(eventId: string): Promise<number>;
  close(): Promise<void>;
}

const lookEveryMs = 10;
const seenWithinMs = 30_000;
/** The oldest that are waited for: a look stays short, however far behind the table is. */
const askedMax = 2_000;

interface Awaited {
  readonly sinceMs: number;
  readonly resolve: (seenMs: number) => void;
  readonly reject: (error: Error) => void;
}

export function watchRows(db: Client, table: string): Watch {
  const awaited = new Map<string, Awaited>();
  const closing = new AbortController();
  const look = async (): Promise<void> => {
    const asked = [...awaited.keys().take(askedMax)];
    if (asked.length === 0) return;
    const { rows } = await db.query<{ event_id: string }>({
      name: 'seen',
      text: `SELECT event_id FROM ${table} WHERE event_id = ANY ($1)`,
      values: [asked],
    });
    const nowMs = performance.now();
    for (const { event_id: id } of rows) {
      awaited.get(id)?.resolve(nowMs);
      awaited.delete(id);
    }
    for (const [id, { sinceMs, reject }] of awaited) {
      if (nowMs - sinceMs < seenWithinMs) break;
      awaited.delete(id);
      reject(new Error(`a row was not seen within ${seenWithinMs} ms`));
    }
  };
  const looking = (async () => {
    let dueMs = performance.now();
    while (!closing.signal.aborted) {
      await look();
      dueMs = Math.max(dueMs + lookEveryMs, performance.now());
      await pause(dueMs - performance.now(), closing.signal);
    }
  })().catch((error: unknown) => {
    for (const { reject } of awaited.values()) reject(error as Error);
    throw error;
  });
  looking.catch(() => undefined);
  return {
    row: (eventId) =>
      new Promise((resolve, reject) => {
        awaited.set(eventId, { sinceMs: performance.now(), resolve, reject });
      }),
    close: async () => {
      closing.abort();
      await looking;
    },
  };
}
