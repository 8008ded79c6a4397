import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { outboxChannel } from './outbox.ts';

/** A notice may get lost with its connection, and a standby looks whether the relay's place is free. */
const lookEveryMs = 1_000;

/** Hears on one connection that rows were committed to the outbox. */
export interface OutboxNotices {
  open(): Promise<void>;
  /** Resolves at a notice that came since the last wait, when it is time to look anyway, or when asked to stop. */
  wait(stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function listenToOutbox(db: PoolClient): OutboxNotices {
  let heard = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    heard = true;
    wake?.();
  };
  return {
    open: async () => {
      // A connection that breaks between two queries: the next query rejects and says so.
      db.on('error', ring);
      db.on('notification', ring);
      await db.query(`LISTEN ${outboxChannel}`);
    },
    wait: async (stop) => {
      const timer = new AbortController();
      const signal = AbortSignal.any([stop, timer.signal]);
      const time = pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
      const notice = new Promise<void>((resolve) => {
        wake = resolve;
        if (heard) resolve();
      });
      await Promise.race([time, notice]);
      timer.abort();
      heard = false;
    },
    close: async () => {
      await db.query(`UNLISTEN ${outboxChannel}`);
      db.off('notification', ring);
      db.off('error', ring);
    },
  };
}
