import { keyVault, type Envelope } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import type { Position, Pseudonym } from '@samspill/kernel';
import { clearEvent, contentMarkOf, eventIdOf, naturalKeyOf } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
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

/** The newest `KeyShredded` of each of these patients for the product. */
export const shredRows = async (
  db: Pool | PoolClient,
  product: string,
  patients: readonly Pseudonym[],
): Promise<OutboxRow[]> => {
  const sql = `SELECT DISTINCT ON (patient) * FROM (${rowSql}
                WHERE patient = ANY($1) AND event = 'KeyShredded' AND facts->>'product' = $2) AS shred
                ORDER BY patient, id DESC`;
  return (await db.query<OutboxRow>(sql, [patients, product])).rows;
};

export const markPublished = async (
  db: Pool | PoolClient,
  rows: readonly OutboxRow[],
  positions: readonly Position[],
): Promise<void> => {
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

/** Makes events of rows: the same row gives the same event, id included, however often it is published. */
export const eventMaker = (
  wire: Pick<WireFormat, 'frame'>,
  indexKey: Buffer,
  organisation: string,
): ((row: OutboxRow) => OutgoingEvent) => {
  const envelopeOf = ({ fact, event, facts, patient, occurredAt }: OutboxRow): Envelope => {
    const at = occurredAt.getTime();
    const naturalKey = naturalKeyOf(indexKey, organisation, [fact]);
    const content = JSON.stringify([event, patient, at, Object.entries(facts).sort()]);
    const contentMark = contentMarkOf(indexKey, content);
    return {
      eventId: eventIdOf(indexKey, { organisation, naturalKey, contentMark }),
      occurredAt: at,
      recordedAt: at,
      naturalKey,
      contentMark,
      source: {
        orgnrParent: organisation,
        orgnrChild: null,
        clientId: keyVault.domain,
        system: null,
      },
      correlationId: null,
      causationId: null,
    };
  };
  return (row) => {
    const envelope = envelopeOf(row);
    const { events } = keyVault;
    const { patient } = row;
    switch (row.event) {
      case 'GrantOpened':
        return clearEvent(wire, events.GrantOpened, { patient, clear: { envelope, ...row.facts } });
      case 'GrantClosed':
        return clearEvent(wire, events.GrantClosed, { patient, clear: { envelope, ...row.facts } });
      case 'KeyShredded':
        return clearEvent(wire, events.KeyShredded, { patient, clear: { envelope, ...row.facts } });
    }
  };
};
