import { keyVault, measurements } from '@samspill/contracts';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './sample/log.ts';
import { call, openPool, startInstance, startServers, type Servers } from './sample/servers.ts';

const product = measurements.name;
const tables = ['secret', 'pseudonym', 'data_key', 'delivery_grant', 'outbox', 'read_back'];

let servers: Servers;
let pool: Pool;
beforeAll(async () => {
  servers = await startServers();
  pool = await openPool(servers.env);
});
afterAll(async () => {
  await pool.end();
  await servers.stop();
});
beforeEach(async () => {
  for (const table of tables) await pool.query(`DROP TABLE IF EXISTS backup_${table}`);
});

/** Copies every table aside, and puts the copies back as a restore from a backup does. */
const backUp = async (): Promise<void> => {
  for (const table of tables) await pool.query(`CREATE TABLE backup_${table} AS TABLE ${table}`);
};
const restore = async (): Promise<void> => {
  for (const table of tables) {
    await pool.query(`DELETE FROM ${table}`);
    const overriding = table === 'outbox' ? 'OVERRIDING SYSTEM VALUE' : '';
    await pool.query(`INSERT INTO ${table} ${overriding} SELECT * FROM backup_${table}`);
  }
};
/** Runs an instance for the time of the work. */
const withVault = async <T>(work: (vault: Vault) => Promise<T>): Promise<T> => {
  const instance = await startInstance(servers.env);
  const domain = httpKeyClient({ url: instance.url, clientId: 'measurements' });
  const ward = httpKeyClient({ url: instance.url, clientId: 'emergency-ward' });
  try {
    return await work({
      seal: async (patient) => (await domain.sealingKeys(product, [patient]))[0]?.version,
      open: async (patient, version) =>
        (await ward.openingKeys(product, [{ patient, version }]))[0]?.outcome,
      shred: async (pseudonym) => {
        const body = { product, patient: { pseudonym }, cause: 'on order' };
        // Again until the log holds it.
        await eventually(async () => {
          const { text } = await call(instance.url, 'operator', '/shred', body);
          return text.includes('"position"') ? true : undefined;
        });
      },
    });
  } finally {
    await instance.close();
  }
};
interface Vault {
  seal(patient: Pseudonym): Promise<number | undefined>;
  open(patient: Pseudonym, version: number): Promise<string | undefined>;
  shred(patient: Pseudonym): Promise<void>;
}

describe('a vault restored from a backup', () => {
  it('has every shred that came after the backup before it serves, and uses no version twice', async () => {
    const [shredded, twice, kept] = [newPseudonym(), newPseudonym(), newPseudonym()];
    await withVault(async (vault) => {
      for (const patient of [shredded, twice, kept]) {
        await vault.seal(patient);
        await vault.open(patient, 1);
      }
      await backUp();
      await vault.shred(shredded);
      await vault.shred(twice);
      await vault.seal(twice);
      await vault.shred(twice);
    });
    await restore();
    await withVault(async (vault) => {
      expect(await vault.open(shredded, 1)).toBe('shredded');
      expect(await vault.open(twice, 1)).toBe('shredded');
      expect(await vault.open(twice, 2)).toBe('shredded');
      expect(await vault.open(kept, 1)).toBe('key');
      expect(await vault.seal(shredded)).toBe(2);
      expect(await vault.seal(twice)).toBe(3);
    });
  });

  it('knows a grant that was opened after the backup, and states it once', async () => {
    const patient = newPseudonym();
    await withVault(async (vault) => {
      await vault.seal(patient);
      await backUp();
      await vault.open(patient, 1);
      // A fact that comes after it in the log: once it is there, so is the grant.
      const other = newPseudonym();
      await vault.seal(other);
      await vault.shred(other);
    });
    await restore();
    await withVault(async (vault) => {
      expect(await vault.open(patient, 1)).toBe('key');
    });
    const { rows } = await pool.query(
      'SELECT FROM delivery_grant WHERE patient = $1 AND closed_at IS NULL',
      [patient],
    );
    const facts = await pool.query('SELECT FROM outbox WHERE patient = $1', [patient]);
    expect([rows.length, facts.rows.length]).toEqual([1, 0]);
  });

  it('refuses a log that ends before what it has read', async () => {
    await withVault(() => Promise.resolve());
    await backUp();
    await pool.query('UPDATE read_back SET next_offset = 1000000');
    const start = startInstance(servers.env);
    await expect(start).rejects.toMatchObject({
      code: 'LOG_DATABASE_MISMATCH',
      place: expect.stringContaining(keyVault.topic) as string,
    });
    await restore();
  });
});

describe('a vault that was only restarted', () => {
  it('takes nothing from the log over what it holds itself', async () => {
    const patient = newPseudonym();
    await withVault(async (vault) => {
      await vault.seal(patient);
      await vault.open(patient, 1);
      await vault.shred(patient);
      await vault.seal(patient);
    });
    await pool.query('DELETE FROM read_back');
    await pool.query('UPDATE delivery_grant SET closed_at = now() WHERE patient = $1', [patient]);
    await withVault(async (vault) => {
      const { rows } = await pool.query<{ closed: boolean }>(
        'SELECT closed_at IS NOT NULL AS closed FROM delivery_grant WHERE patient = $1',
        [patient],
      );
      expect(rows).toEqual([{ closed: true }]);
      expect(await vault.open(patient, 2)).toBe('key');
    });
  });
});
