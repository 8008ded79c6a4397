import { randomBytes } from 'node:crypto';
import { SamspillError, type Pseudonym } from '@samspill/kernel';
import type { DataKey } from '@samspill/privacy';
import type { Pool } from 'pg';
import type { KeyPurpose, KeyWrapper } from './key-wrapper.ts';

/** The keys of a product's patients to seal with. */
export interface SealingKeys {
  /** The active key of each patient, made where there is none: durable when this resolves, and one for all instances. */
  sealingKeys(product: string, patients: readonly Pseudonym[]): Promise<DataKey[]>;
}

export const purposeOf = (patient: string, product: string, version: number): KeyPurpose => [
  'data key',
  patient,
  product,
  String(version),
];

interface ActiveKey {
  readonly patient: Pseudonym;
  /** Of the active key, or of the one to make. */
  readonly version: number;
  readonly wrapped: Buffer | null;
}

const activeSql = `
  SELECT asked.patient,
         coalesce(active.version, 1 + coalesce(
           (SELECT max(version) FROM data_key
             WHERE patient = asked.patient AND product = $1), 0)) AS version,
         active.wrapped
    FROM unnest($2::text[]) WITH ORDINALITY AS asked (patient, place)
    LEFT JOIN data_key AS active
      ON active.patient = asked.patient AND active.product = $1 AND active.shredded_at IS NULL
   ORDER BY asked.place`;

// In the order of the patients: two batches that make the same keys never wait for each other in a circle.
const createSql = `
  INSERT INTO data_key (product, patient, version, wrapped)
  SELECT $1, * FROM unnest($2::text[], $3::integer[], $4::bytea[]) AS made (patient, version, wrapped)
   ORDER BY patient
  ON CONFLICT DO NOTHING`;

/** A key that is made and shredded again and again while it is asked for ends as DATABASE_UNAVAILABLE. */
const roundsMax = 5;

export function sealingKeyStore(pool: Pool, wrapper: KeyWrapper): SealingKeys {
  const activeKeys = async (product: string, patients: readonly Pseudonym[]) =>
    (await pool.query<ActiveKey>(activeSql, [product, patients])).rows;

  const create = async (product: string, missing: readonly ActiveKey[]): Promise<void> => {
    const wrapped = await wrapper.wrap(
      missing.map(({ patient, version }) => ({
        key: randomBytes(32),
        purpose: purposeOf(patient, product, version),
      })),
    );
    const patients = missing.map(({ patient }) => patient);
    const versions = missing.map(({ version }) => version);
    await pool.query(createSql, [product, patients, versions, wrapped]);
  };

  return {
    sealingKeys: async (product, patients) => {
      for (let round = 0; round < roundsMax; round += 1) {
        const found = await activeKeys(product, patients);
        const missing = found.filter(({ wrapped }) => wrapped === null);
        if (missing.length > 0) {
          await create(product, missing);
          continue;
        }
        const keys = await wrapper.unwrap(
          found.map(({ patient, version, wrapped }) => ({
            wrapped: wrapped ?? Buffer.alloc(0),
            purpose: purposeOf(patient, product, version),
          })),
        );
        return keys.map((key, index) => ({ version: found[index]?.version ?? 0, key }));
      }
      throw new SamspillError('DATABASE_UNAVAILABLE', { place: 'data_key' });
    },
  };
}
