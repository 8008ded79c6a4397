import { createHmac } from 'node:crypto';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { patientNameOf, type PatientIdentifier } from '@samspill/privacy';
import type { Pool } from 'pg';
import { pseudonymSecret, type Secrets } from './secrets.ts';

/** Who a number belongs to, inside the mesh (design D6). */
export interface Pseudonyms {
  /** The set of linked pseudonyms of each number, the one to write under first; undefined where there is none. */
  find(identifiers: readonly PatientIdentifier[]): Promise<(Pseudonym[] | undefined)[]>;
  /** As `find`, and makes what is missing: durable when this resolves, and one for all instances. */
  create(identifiers: readonly PatientIdentifier[]): Promise<Pseudonym[][]>;
}

const findSql = `
  SELECT known.pseudonym
    FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (mac, place)
    LEFT JOIN pseudonym AS known ON known.identifier_mac = asked.mac
   ORDER BY asked.place`;

// In the order of the keys: two batches that make the same patients never wait for each other in a circle.
const createSql = `
  INSERT INTO pseudonym (identifier_mac, pseudonym)
  SELECT * FROM unnest($1::bytea[], $2::text[]) AS made (mac, pseudonym) ORDER BY mac
  ON CONFLICT DO NOTHING`;

export function pseudonymStore(pool: Pool, secrets: Secrets): Pseudonyms {
  const macsOf = async (identifiers: readonly PatientIdentifier[]): Promise<Buffer[]> => {
    const secret = await secrets.secret(pseudonymSecret);
    return identifiers.map((identifier) =>
      createHmac('sha256', secret).update(patientNameOf(identifier)).digest(),
    );
  };
  // Sets of one until numbers are linked.
  const setsOf = async (macs: readonly Buffer[]): Promise<(Pseudonym[] | undefined)[]> => {
    const { rows } = await pool.query<{ pseudonym: Pseudonym | null }>(findSql, [macs]);
    return rows.map(({ pseudonym }) => (pseudonym === null ? undefined : [pseudonym]));
  };

  return {
    find: async (identifiers) => setsOf(await macsOf(identifiers)),
    create: async (identifiers) => {
      const macs = await macsOf(identifiers);
      let sets = await setsOf(macs);
      const missing = macs.filter((_, index) => sets[index] === undefined);
      if (missing.length > 0) {
        await pool.query(createSql, [missing, missing.map(newPseudonym)]);
        sets = await setsOf(macs);
      }
      return sets.map((set) => {
        if (set === undefined) throw new Error('a pseudonym was written and is not there');
        return set;
      });
    },
  };
}
