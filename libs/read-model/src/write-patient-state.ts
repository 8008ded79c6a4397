import type { Pseudonym } from '@samspill/kernel';
import type { ClientBase } from 'pg';
import type { LastRecord } from './last-record.ts';
import { advance, type OwnedPartition, type ReadModel } from './checkpoint.ts';
import type { Decoded } from './decode-batch.ts';
import { countGateChange, writeGates } from './gate.ts';
import { limitParking } from './parking-limit.ts';
import { concerns, foldPatientState, type StateChange } from './patient-state.ts';
import { inTransaction } from './transaction.ts';
import { gatesOf, type BatchTarget } from './write-batch.ts';
import { deletePatients, eraseShredded } from './write-rows.ts';

interface DecodedChunk {
  readonly decoded: readonly Decoded[];
  /** The checkpoint after the chunk. */
  readonly to: number;
  readonly last: LastRecord | undefined;
}

/**
 * Applies a chunk of the patient state in one transaction. It locks the checkpoints of the product first: a batch either
 * ended before and its rows are seen here, or it begins after and sees the gates written here, whichever instance works
 * it (engine guide 8.5). A chunk about others waits for nobody.
 */
export async function writePatientState(
  target: BatchTarget & { readonly consumer: string },
  owned: OwnedPartition,
  { decoded, to, last }: DecodedChunk,
): Promise<StateChange> {
  const { pool, readModel, projection, probe, consumer, parkingLimit } = target;
  const { topic, partition, next: from } = owned;
  const place = { topic, partition, from, to };
  const following = { consumer, product: projection.product.name, opens: projection.opens };
  const change = await inTransaction(pool, async (tx) => {
    await probe('begun', place);
    const isFresh =
      decoded.some((one) => concerns(following, one)) &&
      (await lockCheckpoints(tx, readModel, topic, projection.product.topic)) === 0;
    await advance(tx, readModel, owned, to, last);
    const gates = await gatesOf(tx, readModel, projection, decoded);
    const folded = foldPatientState(decoded, following, gates, isFresh);
    await limitParking(tx, readModel, owned, { ...folded, from, isBehind: false }, parkingLimit);
    await writeGates(tx, readModel, folded.gates);
    await writeShredded(tx, readModel, following.product, folded);
    if (folded.gates.size > 0 || folded.shredded.size > 0) {
      await countGateChange(tx, readModel, { topic: projection.product.topic });
    }
    await deletePatients(tx, readModel, projection.tables, folded.retracted);
    await eraseShredded(tx, readModel, projection, versionsOf(folded));
    await probe('written', place);
    return folded;
  });
  owned.next = to;
  await probe('committed', place);
  return change;
}

/**
 * Locks all partitions of both topics, in one order against deadlocks: so it does not matter how a writer spread the
 * patients. Answers how far the product has been read, on the partition where that is furthest.
 */
async function lockCheckpoints(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  topic: string,
  product: string,
): Promise<number> {
  const { rows } = await tx.query<{ topic: string; next: number }>(
    `SELECT topic, next_offset AS next FROM ${schema}.projection_offset
      WHERE projection = $1 AND version = $2 AND topic IN ($3, $4)
      ORDER BY topic, partition FOR UPDATE`,
    [projection, version, topic, product],
  );
  return Math.max(0, ...rows.filter((row) => row.topic === product).map(({ next }) => next));
}

async function writeShredded(
  tx: ClientBase,
  { schema, projection, version }: ReadModel,
  product: string,
  { shredded }: StateChange,
): Promise<void> {
  if (shredded.size === 0) return;
  const keys = [...shredded.values()];
  await tx.query(
    `INSERT INTO ${schema}.shredded_key (projection, version, product, patient, key_version, position)
     SELECT $1, $2, $3, * FROM unnest($4::text[], $5::int[], $6::text[])
     ON CONFLICT (projection, version, patient, product) DO UPDATE
       SET key_version = excluded.key_version, position = excluded.position
     WHERE shredded_key.key_version < excluded.key_version`,
    [
      projection,
      version,
      product,
      [...shredded.keys()],
      keys.map(({ keyVersion }) => keyVersion),
      keys.map(({ position }) => position),
    ],
  );
}

const versionsOf = ({ shredded }: StateChange): Map<Pseudonym, number> =>
  new Map([...shredded].map(([patient, { keyVersion }]) => [patient, keyVersion]));
