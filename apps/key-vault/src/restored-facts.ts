import {
  keyVault,
  type GrantClosed,
  type GrantOpened,
  type KeyShredded,
} from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import type { WireFormat } from '@samspill/schema-registry';
import type { PoolClient } from 'pg';
import { orderCauseOf } from './withholding-order.ts';

/** Applies facts that the log holds and this database lost. `wire` has learned the values; the outbox is locked. */
export async function applyFacts(
  tx: PoolClient,
  wire: WireFormat,
  records: readonly LoggedRecord[],
): Promise<void> {
  const { shreds, grants } = foldFacts(wire, records);
  await applyShreds(tx, [...shreds.values()]);
  await applyGrants(tx, [...grants.values()]);
  await applyOrders(tx, [...grants.values()]);
}

interface Shred {
  readonly patient: string;
  readonly product: string;
  readonly version: number;
}

interface Grant {
  readonly consumer: string;
  readonly product: string;
  readonly patient: string;
  readonly openedAt: Date | null;
  readonly closedAt: Date | null;
  /** Cause of the order that closed it. */
  readonly orderCause: string | undefined;
}

/** The last word of each grant, and the highest destroyed version of each key. */
function foldFacts(wire: WireFormat, records: readonly LoggedRecord[]) {
  const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;
  const shreds = new Map<string, Shred>();
  const grants = new Map<string, Grant>();
  for (const { key: patient, value } of records) {
    if (value === null || patient === undefined) continue;
    const read = wire.read(value);
    if ('unknown' in read) continue;
    const { fullName } = read.event;
    if (fullName === KeyShredded.fullName) {
      const { product, keyVersion } = read.value as KeyShredded;
      const name = `${product} ${patient}`;
      const version = Math.max(keyVersion, shreds.get(name)?.version ?? 0);
      shreds.set(name, { patient, product, version });
    }
    if (fullName === GrantOpened.fullName || fullName === GrantClosed.fullName) {
      const word = read.value as GrantOpened | GrantClosed;
      const { consumer, product } = word;
      const name = `${consumer} ${product} ${patient}`;
      const at = new Date(word.envelope.occurredAt);
      const isOpen = fullName === GrantOpened.fullName;
      const openedAt = isOpen ? at : (grants.get(name)?.openedAt ?? null);
      const closedAt = isOpen ? null : at;
      const orderCause = 'cause' in word ? orderCauseOf(word.cause) : undefined;
      grants.set(name, { consumer, product, patient, openedAt, closedAt, orderCause });
    }
  }
  return { shreds, grants };
}

async function applyShreds(tx: PoolClient, shreds: readonly Shred[]): Promise<void> {
  const parameters = [
    shreds.map(({ patient }) => patient),
    shreds.map(({ product }) => product),
    shreds.map(({ version }) => version),
  ];
  const gone = 'unnest($1::text[], $2::text[], $3::integer[]) AS gone (patient, product, version)';
  await tx.query(
    `UPDATE data_key AS key SET wrapped = NULL, shredded_at = now() FROM ${gone}
      WHERE key.patient = gone.patient AND key.product = gone.product
        AND key.version <= gone.version AND key.shredded_at IS NULL`,
    parameters,
  );
  // A version that was made and destroyed after the backup: without its row it would be used a second time.
  await tx.query(
    `INSERT INTO data_key (patient, product, version, shredded_at)
     SELECT patient, product, version, now() FROM ${gone} ON CONFLICT DO NOTHING`,
    parameters,
  );
}

async function applyGrants(tx: PoolClient, grants: readonly Grant[]): Promise<void> {
  await tx.query(
    `INSERT INTO delivery_grant AS known (consumer, product, patient, opened_at, closed_at)
     SELECT consumer, product, patient, coalesce(opened_at, closed_at), closed_at
       FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
            AS given (consumer, product, patient, opened_at, closed_at)
     ON CONFLICT (consumer, product, patient) DO UPDATE
       SET opened_at = CASE WHEN excluded.closed_at IS NULL THEN excluded.opened_at
                            ELSE known.opened_at END,
           closed_at = excluded.closed_at`,
    [
      grants.map(({ consumer }) => consumer),
      grants.map(({ product }) => product),
      grants.map(({ patient }) => patient),
      grants.map(({ openedAt }) => openedAt),
      grants.map(({ closedAt }) => closedAt),
    ],
  );
}

/** An order stands where it has the last word. Whoever lifted one is not in the log: that record is lost with the database. */
async function applyOrders(tx: PoolClient, grants: readonly Grant[]): Promise<void> {
  const parameters = [
    grants.map(({ consumer }) => consumer),
    grants.map(({ product }) => product),
    grants.map(({ patient }) => patient),
    grants.map(({ orderCause }) => orderCause ?? null),
    grants.map(({ openedAt, closedAt }) => closedAt ?? openedAt),
  ];
  const word = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                AS word (consumer, product, patient, cause, at)`;
  await tx.query(
    `UPDATE withholding_order AS standing
        SET lifted_at = word.at, lifted_cause = 'read back from the log' FROM ${word}
      WHERE standing.consumer = word.consumer AND standing.product = word.product
        AND standing.patient = word.patient AND standing.lifted_at IS NULL AND word.cause IS NULL`,
    parameters,
  );
  await tx.query(
    `INSERT INTO withholding_order (consumer, product, patient, cause, ordered_at)
     SELECT consumer, product, patient, cause, at FROM ${word} WHERE cause IS NOT NULL
     ON CONFLICT (consumer, product, patient) WHERE lifted_at IS NULL DO NOTHING`,
    parameters,
  );
}
