import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError } from '@samspill/kernel';
import type { ClientBase, Pool } from 'pg';
import { assertTogether, clearStops, whileTogether, type VersionPair } from './barrier.ts';
import type { RebuildTarget } from './rebuild.ts';
import { inTransaction } from './transaction.ts';
import { replaceViews } from './version-tables.ts';
import { lockCheckpointsOf } from './versions.ts';

interface Leading extends RebuildTarget {
  /** Also where somebody whom readers see is parked in the new version. */
  readonly acceptDifferences?: boolean;
}

/** One that reads in a long transaction makes a switch wait, and others wait behind it: so not for long, but again. */
const viewLockMs = 300;
const viewTries = 6;

/**
 * Stops both versions at one position and replaces the views there, in one transaction. Rejects with VERSIONS_APART, with
 * VERSIONS_DIFFER, and with DATABASE_UNAVAILABLE where a reader holds a view for long; then nothing has changed.
 */
export async function leadReaders(pool: Pool, pair: VersionPair, options: Leading): Promise<void> {
  await whileTogether(pool, pair, async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        await inTransaction(pool, (tx) => leadReadersIn(tx, pair, options));
        return;
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (tries === viewTries) throw viewInUse(pair, error);
        await pause(viewLockMs);
      }
    }
  });
}

/** The place is what databaseError says of lock_not_available. */
const isLocked = (error: unknown): boolean =>
  error instanceof SamspillError && error.place === 'SQLSTATE 55P03';

const viewInUse = ({ schema, projection }: VersionPair, cause: unknown): SamspillError =>
  new SamspillError('DATABASE_UNAVAILABLE', {
    place: `views of ${projection} in ${schema}, which a long transaction reads`,
    mend: 'end that transaction, then order it again',
    cause,
  });

/** No batch gets in between: it needs the lock of its checkpoint. */
async function leadReadersIn(
  tx: ClientBase,
  pair: VersionPair,
  { projection: { tables }, acceptDifferences = false }: Leading,
): Promise<void> {
  const { schema, projection, versions } = pair;
  const [from, to] = versions;
  await tx.query(`SET LOCAL lock_timeout = ${viewLockMs}`);
  await lockCheckpointsOf(tx, pair, versions);
  await assertTogether(tx, pair);
  await assertNobodyMissed(tx, pair, acceptDifferences);
  await replaceViews(tx, { schema, tables, to });
  const setState = `UPDATE ${schema}.read_model_version SET state = $3`;
  const ofVersion = 'WHERE projection = $1 AND version = $2';
  await tx.query(`${setState} ${ofVersion}`, [projection, from, 'former']);
  await tx.query(`${setState}, switched_at = now() ${ofVersion}`, [projection, to, 'live']);
  await clearStops(tx, pair);
}

/** Patients whom readers see now and would see in part: those who catch up will be there, those who are parked may not. */
async function assertNobodyMissed(
  tx: ClientBase,
  pair: VersionPair,
  acceptDifferences: boolean,
): Promise<void> {
  const { schema, projection, versions } = pair;
  const { rows } = await tx.query<{ catching_up: number; parked: number }>(
    `SELECT count(*) FILTER (WHERE new.state = 'catching-up') AS catching_up,
            count(*) FILTER (WHERE new.state = 'parked') AS parked
       FROM ${schema}.patient_gate new
       LEFT JOIN ${schema}.patient_gate old
         ON old.projection = $1 AND old.version = $2 AND old.patient = new.patient
      WHERE new.projection = $1 AND new.version = $3 AND new.state IN ('parked', 'catching-up')
        AND COALESCE(old.state, 'open') = 'open'`,
    [projection, ...versions],
  );
  const { catching_up: catchingUp, parked } = rows[0] ?? { catching_up: 0, parked: 0 };
  const place = `${projection} in ${schema}, version ${versions[1]}`;
  if (catchingUp > 0) {
    throw new SamspillError('VERSIONS_APART', {
      place: `${place}, in which ${catchingUp} patients are catching up who are open in the live one`,
    });
  }
  if (parked > 0 && !acceptDifferences) {
    throw new SamspillError('VERSIONS_DIFFER', {
      place: `${place}, in which ${parked} patients are parked who are open in the live one`,
    });
  }
}
