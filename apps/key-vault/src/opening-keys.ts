import type { ConsumerSubscription } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import type { KeyOutcome, WantedKey } from '@samspill/privacy';
import { inTransaction } from '@samspill/read-model';
import type { Pool, PoolClient } from 'pg';
import { purposeOf } from './data-keys.ts';
import type { DeliveryDecision, DeliveryPolicy } from './delivery-policy.ts';
import { writeGrants, type DecidedGrant } from './grants.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { lockOutbox } from './outbox.ts';

/** The keys of a product's patients for one who reads. */
export interface OpeningKeys {
  /** An outcome for each wanted key, in order. A grant that opens or closes thereby is durable when this resolves. */
  openingKeys(
    subscription: ConsumerSubscription,
    product: string,
    wanted: readonly WantedKey[],
  ): Promise<KeyOutcome[]>;
}

interface FoundKey {
  readonly patient: Pseudonym;
  readonly version: number;
  readonly state: 'active' | 'shredded' | 'unknown';
  readonly wrapped: Buffer | null;
  readonly granted: boolean;
  /** An order to withhold stands. */
  readonly ordered: boolean;
}

const findSql = `
  SELECT asked.patient, asked.version, key.wrapped,
         CASE WHEN key.version IS NULL THEN 'unknown'
              WHEN key.shredded_at IS NULL THEN 'active' ELSE 'shredded' END AS state,
         given.consumer IS NOT NULL AS granted, forbidden.consumer IS NOT NULL AS ordered
    FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS asked (patient, version, place)
    LEFT JOIN data_key AS key
      ON key.patient = asked.patient AND key.product = $2 AND key.version = asked.version
    LEFT JOIN delivery_grant AS given
      ON given.consumer = $1 AND given.product = $2 AND given.patient = asked.patient
     AND given.closed_at IS NULL
    LEFT JOIN withholding_order AS forbidden
      ON forbidden.consumer = $1 AND forbidden.product = $2 AND forbidden.patient = asked.patient
     AND forbidden.lifted_at IS NULL
   ORDER BY asked.place`;

export function openingKeyStore(
  pool: Pool,
  wrapper: KeyWrapper,
  policy: DeliveryPolicy,
): OpeningKeys {
  return {
    openingKeys: async (subscription, product, wanted) => {
      const { consumer } = subscription;
      const find = async (db: Pool | PoolClient): Promise<Judged> => {
        const patients = wanted.map(({ patient }) => patient);
        const versions = wanted.map(({ version }) => version);
        const parameters = [consumer, product, patients, versions];
        const { rows } = await db.query<FoundKey>(findSql, parameters);
        return judge(rows, ({ patient, ordered: isWithheldByOrder }) =>
          policy({ consumer, product, patient, subscription, isWithheldByOrder }),
        );
      };

      let found = await find(pool);
      if (found.changed.length > 0) {
        // Judged anew under the lock, so that no shred falls between the key and its grant.
        found = await inTransaction(pool, async (tx) => {
          await lockOutbox(tx);
          const again = await find(tx);
          await writeGrants(tx, { consumer, product }, again.changed);
          return again;
        });
      }
      return outcomesOf(found, product, wrapper);
    },
  };
}

interface Judged {
  readonly keys: readonly FoundKey[];
  readonly decisions: ReadonlyMap<Pseudonym, DeliveryDecision>;
  /** Where the decision is another one than the grant that stands; each patient once. */
  readonly changed: readonly DecidedGrant[];
}

function judge(keys: readonly FoundKey[], decide: (key: FoundKey) => DeliveryDecision): Judged {
  const active = new Map(
    keys.filter(({ state }) => state === 'active').map((key) => [key.patient, key]),
  );
  const decided = [...active.values()].map((key) => ({ ...key, decision: decide(key) }));
  return {
    keys,
    decisions: new Map(decided.map(({ patient, decision }) => [patient, decision])),
    changed: decided.filter(({ granted, decision }) => decision.permit !== granted),
  };
}

async function outcomesOf(
  { keys, decisions }: Judged,
  product: string,
  wrapper: KeyWrapper,
): Promise<KeyOutcome[]> {
  const given = keys.flatMap(({ patient, version, wrapped }) =>
    wrapped !== null && decisions.get(patient)?.permit
      ? [{ wrapped, purpose: purposeOf(patient, product, version) }]
      : [],
  );
  const opened = (await wrapper.unwrap(given)).values();
  return keys.map(({ patient, state, wrapped }): KeyOutcome => {
    if (state === 'shredded') return { outcome: 'shredded' };
    if (wrapped === null) return { outcome: 'unavailable', reason: 'this key was never made' };
    if (!decisions.get(patient)?.permit) return { outcome: 'withheld' };
    return { outcome: 'key', key: opened.next().value ?? Buffer.alloc(0) };
  });
}
