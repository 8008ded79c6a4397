import type { Pseudonym } from '@samspill/kernel';
import { lockCheckpoint, type OwnedPartition } from './checkpoint.ts';
import {
  countGateChange,
  readGates,
  writeGates,
  writeProgress,
  type Gate,
  type Gates,
} from './gate.ts';
import type { Judged } from './open-batch.ts';
import { endParkingStops, limitParking } from './parking-limit.ts';
import { planBehindGates, type Plan } from './plan.ts';
import { withoutRefused } from './refused-rows.ts';
import { inTransaction } from './transaction.ts';
import type { BatchTarget } from './write-batch.ts';
import { deletePatients, insertRows } from './write-rows.ts';

/** Records of patients who are catching up, opened as if their gates were open. */
export interface ChunkBehind {
  readonly judged: readonly Judged[];
  /** Those who wait, as the pass knows their gates. */
  readonly waiting: Gates;
  readonly from: number;
  /** All of the partition that concerns them from `from` to here is in `judged`. */
  readonly to: number;
  /** Progress is written down for all who wait, not only for those with records in `judged`. */
  readonly notesAll: boolean;
}

export interface CaughtUp extends Plan {
  /** Those who were looked at, with their gates as they stand now; undefined: not for this pass to catch up any more. */
  readonly looked: ReadonlyMap<Pseudonym, Gate | undefined>;
  /** The checkpoint is reached, and nobody is left for this pass. */
  readonly isReached: boolean;
  /** How many gates are open now. */
  readonly opened: number;
}

/**
 * Writes a chunk of what patients missed, below the checkpoint and in one transaction, in which neither the checkpoint
 * nor a gate can move (engine guide 8.5). Whoever's gate is not the very one that the pass has read is left out: closed and
 * opened again meanwhile, the patient starts anew from 0. Where the checkpoint is reached, the gates open.
 * Rejects with PARTITION_FENCED or PARKING_STOPPED.
 */
export const writeCaughtUp = (
  target: BatchTarget,
  owned: OwnedPartition,
  chunk: ChunkBehind,
): Promise<CaughtUp> =>
  withoutRefused(target, chunk.judged, (judged) => writeOnce(target, owned, { ...chunk, judged }));

async function writeOnce(
  { pool, readModel, projection, probe, parkingLimit }: BatchTarget,
  owned: OwnedPartition,
  { judged, waiting, from, to, notesAll }: ChunkBehind,
): Promise<CaughtUp> {
  const { topic, partition } = owned;
  const place = { topic, partition, from, to, isBehind: true };
  const caughtUp = await inTransaction(pool, async (tx) => {
    await probe('begun', place);
    const next = await lockCheckpoint(tx, readModel, owned);
    const end = Math.min(to, next);
    const isReached = end === next;
    const looked = notesAll || isReached ? [...waiting.keys()] : patientsIn(judged);
    const now = await readGates(tx, readModel, projection.product.name, looked);
    const same = new Map([...now].filter(([patient, gate]) => isSame(gate, waiting.get(patient))));
    const due = judged.filter(({ patient, record }) => {
      const gate = patient === undefined ? undefined : same.get(patient);
      return gate !== undefined && record.offset >= gate.fromOffset && record.offset < end;
    });
    const asOpen = asIfOpen(same);
    const plan = planBehindGates(due, asOpen, asOpen);
    await limitParking(tx, readModel, owned, { ...plan, from, isBehind: true }, parkingLimit);

    const fromNothing = [...same].filter(([, { fromOffset }]) => fromOffset === 0);
    await deletePatients(tx, readModel, projection.tables, patientsOf(fromNothing));
    await insertRows(tx, readModel, plan.events);
    await deletePatients(tx, readModel, projection.tables, plan.retracted);
    await writeGates(tx, readModel, plan.gates);
    const left = [...same].filter(([patient]) => !plan.gates.has(patient));
    const advanced = left.filter(([, { fromOffset }]) => fromOffset <= end);
    await endParkingStops(tx, readModel, owned, { from, to: end });
    await writeProgress(tx, readModel, patientsOf(advanced), { to: end, isReached });
    if (plan.gates.size > 0 || advanced.length > 0) await countGateChange(tx, readModel, owned);
    await probe('written', place);
    const ahead = new Map(
      left.map(([patient, gate]) => [
        patient,
        { ...gate, fromOffset: Math.max(gate.fromOffset, end) },
      ]),
    );
    return {
      ...plan,
      looked: new Map(looked.map((patient) => [patient, ahead.get(patient)])),
      isReached,
      opened: isReached ? advanced.length : 0,
    };
  });
  await probe('committed', place);
  return caughtUp;
}

const patientsIn = (judged: readonly Judged[]): Pseudonym[] => [
  ...new Set(judged.flatMap(({ patient }) => patient ?? [])),
];

/** The state was set by the same record, and nobody else has read on from it. */
const isSame = (now: Gate, read: Gate | undefined): boolean =>
  now.state === 'catching-up' &&
  now.position === read?.position &&
  now.fromOffset === read.fromOffset;

/** For whoever is being caught up records are judged as behind an open gate. */
export const asIfOpen = (gates: Gates): Gates =>
  new Map([...gates].map(([patient, gate]) => [patient, { ...gate, state: 'open' as const }]));

const patientsOf = (gates: readonly (readonly [Pseudonym, Gate])[]): Pseudonym[] =>
  gates.map(([patient]) => patient);
