import { keyVault, measurements } from '@samspill/contracts';
import { newPseudonym, type EventId, type Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, openLog, recordsOf } from './sample/log.ts';
import { call, openPool, startInstance, startServers, type Servers } from './sample/servers.ts';

const product = measurements.name;
const tables = [
  'secret',
  'pseudonym',
  'data_key',
  'delivery_grant',
  'withholding_order',
  'outbox',
  'read_back',
];
const numbered = ['outbox', 'withholding_order'];

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
    const overriding = numbered.includes(table) ? 'OVERRIDING SYSTEM VALUE' : '';
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
      order: async (what, pseudonym) => {
        const patient = { pseudonym };
        const body = { consumer: 'emergency-ward', product, patient, cause: 'order 17' };
        await eventually(async () => {
          const { text } = await call(instance.url, 'operator', `/grants/${what}`, body);
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
  /** Closes or opens the ward's grant. */
  order(what: 'close' | 'open', patient: Pseudonym): Promise<void>;
}

/** Causes of the orders that stand. */
const standingOrders = async (patient: Pseudonym): Promise<string[]> => {
  const sql = 'SELECT cause FROM withholding_order WHERE patient = $1 AND lifted_at IS NULL';
  return (await pool.query<{ cause: string }>(sql, [patient])).rows.map(({ cause }) => cause);
};

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

  it('has every order to withhold that came after the backup, and none that was lifted since', async () => {
    const [closed, never, lifted, both] = Array.from({ length: 4 }, newPseudonym) as [
      Pseudonym,
      Pseudonym,
      Pseudonym,
      Pseudonym,
    ];
    await withVault(async (vault) => {
      for (const patient of [closed, never, lifted, both]) await vault.seal(patient);
      for (const patient of [closed, lifted, both]) await vault.open(patient, 1);
      await vault.order('close', lifted);
      await backUp();
      for (const patient of [closed, never, both]) await vault.order('close', patient);
      for (const patient of [lifted, both]) await vault.order('open', patient);
    });
    await restore();
    await withVault(async (vault) => {
      expect(await vault.open(closed, 1)).toBe('withheld');
      expect(await vault.open(never, 1)).toBe('withheld');
      expect(await vault.open(lifted, 1)).toBe('key');
      expect(await vault.open(both, 1)).toBe('key');
      // The operator's cause is known again, and the order can be lifted as any other.
      expect(await standingOrders(closed)).toEqual(['order 17']);
      await vault.order('open', closed);
      expect(await vault.open(closed, 1)).toBe('key');
    });
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
  it('after it ended between publishing and noting it knows its own facts, and does not say them again', async () => {
    const [withheld, released] = [newPseudonym(), newPseudonym()];
    await withVault(async (vault) => {
      for (const patient of [withheld, released]) await vault.seal(patient);
      for (const patient of [withheld, released]) await vault.open(patient, 1);
      await vault.order('close', withheld);
      await vault.order('close', released);
      await vault.order('open', released);
    });
    // The older facts alone are not noted: taken for news they would overrule the last word.
    const older = `UPDATE outbox SET log_partition = NULL, log_offset = NULL
                    WHERE id IN (SELECT min(id) FROM outbox WHERE patient = $1 AND event = $2)`;
    await pool.query(older, [withheld, 'GrantOpened']);
    await pool.query(older, [released, 'GrantClosed']);
    await pool.query('DELETE FROM read_back');

    await withVault(async (vault) => {
      expect(await vault.open(withheld, 1)).toBe('withheld');
      expect(await vault.open(released, 1)).toBe('key');
    });
    const log = openLog(servers.env);
    const events = (await recordsOf(log)).filter(({ key }) => key === withheld || key === released);
    await log.close();
    expect(events.map(({ id }) => id)).toEqual([...new Set(events.map(({ id }) => id))]);
    const waiting = 'SELECT FROM outbox WHERE log_offset IS NULL';
    expect((await pool.query(waiting)).rows).toEqual([]);
  });

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

describe('a vault at work', () => {
  it('states its last word again when an older one comes late, as from an instance that was cut off', async () => {
    const patient = newPseudonym();
    const log = openLog(servers.env);
    const publisher = log.publisher();
    const facts = async () => (await recordsOf(log)).filter(({ key }) => key === patient);
    try {
      await withVault(async (vault) => {
        await vault.order('close', patient);
        await vault.order('open', patient);
        const [closed, opened] = await facts();
        if (closed?.value == null || opened === undefined) throw new Error('two facts');
        const { topic, id, type = '', source = '', value } = closed;
        await publisher.publish([{ topic, key: patient, id: id as EventId, type, source, value }]);
        const restated = await eventually(async () => (await facts())[3]);
        expect(restated.type).toBe(opened.type);
        expect(restated.id).not.toBe(opened.id);
        expect(await standingOrders(patient)).toEqual([]);
      });
      // Nothing is stated a third time, at the next start either.
      await withVault(async (vault) => {
        const other = newPseudonym();
        await vault.order('close', other);
        expect(await facts()).toHaveLength(4);
      });
    } finally {
      await publisher.close();
      await log.close();
    }
  });
});
