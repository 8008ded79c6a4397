import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import type { ReadModel } from './checkpoint.ts';
import { databaseError } from './database-error.ts';
import { rejected } from './decode-batch.ts';
import type { Judged, Projected } from './open-batch.ts';
import { inTransaction } from './transaction.ts';
import { insertRows } from './write-rows.ts';

/** Undoes the trial at its end. */
class TrialOver extends Error {
  override readonly name = 'TrialOver';
}

/**
 * Writes a batch; when the database refuses a value, once more with the events that hold such values rejected. `write` is
 * one transaction, so that nothing of the first try is left.
 */
export async function withoutRefused<Result>(
  target: { readonly pool: Pool; readonly readModel: ReadModel },
  judged: readonly Judged[],
  write: (judged: readonly Judged[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await write(judged);
  } catch (error) {
    const refused = await findRefused(target, judged, error);
    return write(
      judged.map((one) =>
        one.kind === 'projected' && refused.has(one)
          ? rejected(one.record, one.patient, 'ROW_REFUSED')
          : one,
      ),
    );
  }
}

/**
 * The events of a batch with a value that the database refuses, such as a zero character in a text. Found by halving
 * the batch, in a transaction that leaves nothing behind (engine guide 8.5). Rethrows an error of another kind, and one
 * that the events do not show again.
 */
async function findRefused(
  { pool, readModel }: { readonly pool: Pool; readonly readModel: ReadModel },
  judged: readonly Judged[],
  error: unknown,
): Promise<ReadonlySet<Projected>> {
  if (!isRefusal(error)) throw error;
  const refused = new Set<Projected>();
  await inTransaction(pool, async (tx) => {
    const events = judged.filter((one) => one.kind === 'projected');
    await halve(tx, readModel, events, refused);
    throw new TrialOver();
  }).catch((ending: unknown) => {
    if (!(ending instanceof TrialOver)) throw ending;
  });
  if (refused.size === 0) throw error;
  return refused;
}

async function halve(
  tx: ClientBase,
  readModel: ReadModel,
  events: readonly Projected[],
  refused: Set<Projected>,
): Promise<void> {
  if (events.length === 0 || (await isTaken(tx, readModel, events))) return;
  const [only, second] = events;
  if (only !== undefined && second === undefined) {
    refused.add(only);
    return;
  }
  const middle = Math.ceil(events.length / 2);
  await halve(tx, readModel, events.slice(0, middle), refused);
  await halve(tx, readModel, events.slice(middle), refused);
}

async function isTaken(
  tx: ClientBase,
  readModel: ReadModel,
  events: readonly Projected[],
): Promise<boolean> {
  await tx.query('SAVEPOINT trial');
  try {
    await insertRows(tx, readModel, events);
    return true;
  } catch (error) {
    if (!isRefusal(databaseError(error))) throw error;
    return false;
  } finally {
    await tx.query('ROLLBACK TO SAVEPOINT trial');
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof SamspillError && error.code === 'ROW_REFUSED';
