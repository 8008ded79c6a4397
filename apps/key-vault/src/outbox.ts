import { keyVault } from '@samspill/contracts';
import type { Position, Pseudonym } from '@samspill/kernel';
import type { Pool, PoolClient } from 'pg';

/** What the vault states, as it stands in the outbox; the names and fields are those of the schemas. */
export type Fact =
  | { event: 'GrantOpened'; facts: { consumer: string; product: string } }
  | { event: 'GrantClosed'; facts: { consumer: string; product: string; cause: string } }
  | { event: 'KeyShredded'; facts: { product: string; keyVersion: number; cause: string } };

export type PatientFact = Fact & { readonly patient: Pseudonym };

export type OutboxRow = PatientFact & {
  readonly id: number;
  /** UUID. */
  readonly fact: string;
  readonly occurredAt: Date;
  readonly partition: number | null;
  readonly offset: number | null;
};

/** Heard by the relay when rows were committed. */
export const outboxChannel = 'key_vault_outbox';

/**
 * Serialises those who write facts, until their commit: ids rise in the order of the commits, and what a writer reads
 * after this still holds when it commits. Take it first in the transaction.
 */
export const lockOutbox = async (tx: PoolClient): Promise<void> => {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('key-vault outbox', 0))`);
};

const appendSql = `
  INSERT INTO outbox (patient, event, facts, occurred_at)
  SELECT patient, event, facts, clock_timestamp()
    FROM unnest($1::text[], $2::text[], $3::jsonb[]) WITH ORDINALITY AS fact (patient, event, facts, place)
   ORDER BY place`;

/** Adds facts in order; the outbox must be locked. */
export async function appendFacts(tx: PoolClient, facts: readonly PatientFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(appendSql, [
    facts.map(({ patient }) => patient),
    facts.map(({ event }) => event),
    facts.map((fact) => JSON.stringify(fact.facts)),
  ]);
  await tx.query(`NOTIFY ${outboxChannel}`);
}

const rowSql = `SELECT id, fact, patient, event, facts, occurred_at AS "occurredAt",
                       log_partition AS partition, log_offset AS "offset" FROM outbox`;

/** The oldest rows that are not in the log yet, in their order. */
export const waitingRows = async (db: Pool | PoolClient, max: number): Promise<OutboxRow[]> =>
  (await db.query<OutboxRow>(`${rowSql} WHERE log_offset IS NULL ORDER BY id LIMIT $1`, [max]))
    .rows;

/** All that was ever stated about these patients by this database. */
export const rowsAbout = async (
  db: Pool | PoolClient,
  patients: readonly string[],
): Promise<OutboxRow[]> =>
  (await db.query<OutboxRow>(`${rowSql} WHERE patient = ANY($1)`, [patients])).rows;

/** The newest of these events about each of these patients whose facts are `about` that. */
const newestRows = async (
  db: Pool | PoolClient,
  patients: readonly Pseudonym[],
  events: readonly Fact['event'][],
  about: object,
): Promise<OutboxRow[]> => {
  const sql = `SELECT DISTINCT ON (patient) * FROM (${rowSql}
                WHERE patient = ANY($1) AND event = ANY($2) AND facts @> $3::jsonb) AS word
                ORDER BY patient, id DESC`;
  return (await db.query<OutboxRow>(sql, [patients, events, JSON.stringify(about)])).rows;
};

/** The newest `KeyShredded` of each of these patients for the product. */
export const shredRows = (
  db: Pool | PoolClient,
  product: string,
  patients: readonly Pseudonym[],
): Promise<OutboxRow[]> => newestRows(db, patients, ['KeyShredded'], { product });

/** The newest word about each of these patients' grants. */
export const grantRows = (
  db: Pool | PoolClient,
  { consumer, product }: { readonly consumer: string; readonly product: string },
  patients: readonly Pseudonym[],
): Promise<OutboxRow[]> =>
  newestRows(db, patients, ['GrantOpened', 'GrantClosed'], { consumer, product });

export const markPublished = async (
  db: Pool | PoolClient,
  rows: readonly OutboxRow[],
  positions: readonly Position[],
): Promise<void> => {
  if (rows.length === 0) return;
  await db.query(
    `UPDATE outbox SET log_partition = sent.partition, log_offset = sent.log_offset
       FROM unnest($1::bigint[], $2::integer[], $3::bigint[]) AS sent (id, partition, log_offset)
      WHERE outbox.id = sent.id`,
    [
      rows.map(({ id }) => id),
      positions.map(({ partition }) => partition),
      positions.map(({ offset }) => offset),
    ],
  );
};

/** Where the row lies in the log; undefined until the relay has published it. */
export const positionOf = ({ partition, offset }: OutboxRow): Position | undefined =>
  partition === null || offset === null ? undefined : { topic: keyVault.topic, partition, offset };
