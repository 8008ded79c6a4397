import { pause } from '@samspill/kernel';
import type { PoolClient } from 'pg';
import { outboxChannel } from './outbox.ts';

/** A notice may get lost with its connection, and a standby looks whether the relay's place is free. */
const lookEveryMs = 1_000;

/** That rows were committed to the outbox. */
export interface OutboxNotices {
  /** Resolves at a notice that came since the last wait, when it is time to look anyway, or when asked to stop. */
  wait(stop: AbortSignal): Promise<void>;
}

/** Hears of it on one connection, for as long as that lasts. */
export async function listenToOutbox(db: PoolClient): Promise<OutboxNotices> {
  let heard = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    heard = true;
    wake?.();
  };
  // A connection that breaks between two queries: the next query rejects and says so.
  db.on('error', ring);
  db.on('notification', ring);
  await db.query(`LISTEN ${outboxChannel}`);
  return {
    wait: async (stop) => {
      const timer = new AbortController();
      const signal = AbortSignal.any([stop, timer.signal]);
      const time = pause(lookEveryMs, signal);
      const notice = new Promise<void>((resolve) => {
        wake = resolve;
        if (heard) resolve();
      });
      await Promise.race([time, notice]);
      timer.abort();
      heard = false;
    },
  };
}
