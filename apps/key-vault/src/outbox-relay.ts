import {
  PublishOutcomeUnknown,
  type EventPublisher,
  type OutgoingEvent,
} from '@samspill/event-log';
import { backOffMs, pause, within } from '@samspill/kernel';
import { toldError } from '@samspill/service';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { listenToOutbox } from './outbox-notices.ts';
import { markPublished, waitingRows, type OutboxRow } from './outbox.ts';

const rowsMax = 500;
const backOff = { minMs: 100, maxMs: 5_000 };
/** An instance that stands still keeps its connection: after so long without a word of it the place is free. */
const silentMs = 5_000;
const askEveryMs = 1_000;

export interface OutboxRelay {
  /** Finishes the batch under way and gives the place to another instance. */
  close(): Promise<void>;
}

export interface RelayParts {
  readonly pool: Pool;
  readonly publisher: EventPublisher;
  readonly eventOf: (row: OutboxRow) => OutgoingEvent;
  readonly logger: Logger;
  readonly onPublished?: (count: number) => void;
}

/**
 * Publishes the outbox in order, one instance at a time, each row at least once and always as the same event. While the
 * database or the log is away it tries again, forever.
 */
export function startOutboxRelay(parts: RelayParts): OutboxRelay {
  const stop = new AbortController();
  const running = relayUntil(stop.signal, parts);
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function relayUntil(stop: AbortSignal, parts: RelayParts): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      await holdPlace(stop, parts, () => (failures = 0));
    } catch (error) {
      failures += 1;
      parts.logger.warn({ reason: toldError(error), failures }, 'the outbox waits');
      await pause(backOffMs(failures - 1, backOff), stop);
    }
  }
}

/** Works on one connection, which holds the place by a lock of its session: with the connection goes the place. */
async function holdPlace(
  stop: AbortSignal,
  { pool, ...parts }: RelayParts,
  onSuccess: () => void,
): Promise<void> {
  const db = await pool.connect();
  try {
    await db.query(`SET idle_session_timeout = ${silentMs}`);
    const notices = await listenToOutbox(db);
    while (!stop.aborted && !(await takePlace(db))) {
      onSuccess();
      await notices.wait(stop);
    }
    while (!stop.aborted) {
      const count = await publishWaiting(db, parts, stop);
      onSuccess();
      if (count === 0) await notices.wait(stop);
    }
    // Ending the connection unlocks as well, yet not before this returns.
    await db.query('SELECT pg_advisory_unlock_all()');
  } finally {
    db.release(true);
  }
}

async function takePlace(db: PoolClient): Promise<boolean> {
  const { rows } = await db.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('key-vault relay', 0)) AS taken`,
  );
  return rows[0]?.taken ?? false;
}

async function publishWaiting(
  db: PoolClient,
  { publisher, eventOf, logger, onPublished }: Omit<RelayParts, 'pool'>,
  stop: AbortSignal,
): Promise<number> {
  const rows = await waitingRows(db, rowsMax);
  if (rows.length === 0) return 0;
  const published = publisher.publish(rows.map(eventOf)).catch((error: unknown) => {
    if (!(error instanceof PublishOutcomeUnknown)) throw error;
    logger.warn({ reason: toldError(error) }, 'the outbox waits for what was sent');
    // The place is not given up meanwhile: what another instance sends would be overtaken by it.
    return Promise.race([error.late, aborted(stop)]);
  });
  const positions = await keepingPlace(db, published);
  if (positions === undefined) return 0;
  await markPublished(db, rows, positions);
  onPublished?.(rows.length);
  return rows.length;
}

/**
 * Goes on asking the database while it waits for something else. Rejects when the database is away, but not before what
 * was awaited is over: each new try would put the same facts into the publisher once more.
 */
async function keepingPlace<Result>(db: PoolClient, awaited: Promise<Result>): Promise<Result> {
  const settled = awaited.then(
    () => true,
    () => true,
  );
  try {
    while (!(await within(askEveryMs, settled))) await db.query('SELECT 1');
  } finally {
    await settled;
  }
  return awaited;
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    const end = (): void => resolve(undefined);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
