import { measurements } from '@samspill/contracts';
import { httpKeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lateServer } from './sample/late-server.ts';
import { eventually, openLog, recordsOf } from './sample/log.ts';
import { call, openPool, startServers, type Servers } from './sample/servers.ts';
import { spawnVault } from './sample/vault-process.ts';

const product = measurements.name;
const number = '15838510075';
const identifier = { system: null, value: number };

let servers: Servers;
let pool: Pool;
let env: Record<string, string>;
beforeAll(async () => {
  servers = await startServers();
  pool = await openPool(servers.env);
  env = { ...servers.env, LOG_LEVEL: 'trace' };
});
afterAll(async () => {
  await pool.end();
  await servers.stop();
});

describe('the vault as a process', () => {
  it('killed in the midst of shredding has said it all after its next start', async () => {
    const first = await spawnVault(env);
    const domain = httpKeyClient({ url: first.url, clientId: 'measurements' });
    const people = Array.from({ length: 40 }, (_, n) => ({
      system: 'urn:oid:1.2.3',
      value: `p-${n}`,
    }));
    const patients = (await domain.pseudonyms(people, 'create')).flatMap((set) => set ?? []);
    await domain.sealingKeys(product, patients);

    const calls = patients.map((pseudonym) =>
      call(first.url, 'operator', '/shred', { product, patient: { pseudonym }, cause: 'on order' }),
    );
    await Promise.race(calls);
    await first.end('SIGKILL');
    await Promise.allSettled(calls);

    const second = await spawnVault(env);
    const destroyed = await pool.query<{ patient: string }>(
      'SELECT patient FROM data_key WHERE shredded_at IS NOT NULL AND patient = ANY($1)',
      [patients],
    );
    expect(destroyed.rows.length).toBeGreaterThan(0);
    await eventually(async () => {
      const { rows } = await pool.query('SELECT FROM outbox WHERE log_offset IS NULL');
      return rows.length === 0 ? true : undefined;
    });
    await second.end('SIGTERM');

    const log = openLog(env);
    const records = (await recordsOf(log)).filter(({ key }) => patients.some((p) => p === key));
    await log.close();
    const events = new Map(records.map(({ id, key }) => [id, key]));
    expect([...events.values()].sort()).toEqual(
      destroyed.rows.map(({ patient }) => patient).sort(),
    );
  });

  it('that stands still keeps no other one from publishing', async () => {
    const halted = await spawnVault(env);
    const other = await spawnVault(env);
    const domain = httpKeyClient({ url: other.url, clientId: 'measurements' });
    const [set = []] = await domain.pseudonyms(
      [{ system: 'urn:oid:1.2.3', value: 'h-1' }],
      'create',
    );
    await domain.sealingKeys(product, set);
    halted.halt();
    const patient = { pseudonym: set[0] };
    await call(other.url, 'operator', '/shred', { product, patient, cause: 'on order' });
    await eventually(async () => {
      const sql = 'SELECT FROM outbox WHERE patient = ANY ($1) AND log_offset IS NOT NULL';
      return (await pool.query(sql, [set])).rowCount === 1 ? true : undefined;
    });
    await other.end('SIGTERM');
    await halted.end('SIGKILL');
  });

  it('started while the log is away says that it waits, and serves once the log is there', async () => {
    const log = await lateServer(env['KAFKA_BROKERS'] ?? '');
    const waits = Promise.withResolvers<undefined>();
    const starting = spawnVault({ ...env, KAFKA_BROKERS: log.address }, (output) => {
      if (/EVENT_LOG_UNAVAILABLE.*waits with its start/.test(output)) waits.resolve(undefined);
    });
    await Promise.race([waits.promise, starting]);
    log.open();
    const vault = await starting;
    expect(vault.output()).toContain('goes on with its start');
    await vault.end('SIGTERM');
    log.close();
  });

  it('names the port that is in use in its last words, and no secret', async () => {
    const first = await spawnVault(env);
    const second = spawnVault({ ...env, PORT: new URL(first.url).port });
    const failure = await second.then(() => '', String);
    await first.end('SIGTERM');
    expect(failure).toMatch(/"level":60,.*PORT_IN_USE: PORT \d+/);
    expect(failure).not.toContain(new URL(env['DATABASE_URL'] ?? '').password);
  });

  it('ends in order on SIGTERM and writes no number, no key and no body into its log', async () => {
    const vault = await spawnVault(env);
    const domain = httpKeyClient({ url: vault.url, clientId: 'measurements' });
    const [set = []] = await domain.pseudonyms([identifier], 'create');
    const [sealing] = await domain.sealingKeys(product, set);
    const indexKey = await domain.indexKey(product);
    const ward = httpKeyClient({ url: vault.url, clientId: 'emergency-ward' });
    const version = sealing?.version ?? 0;
    const wanted = set.map((patient) => ({ patient, version }));
    expect(await ward.openingKeys(product, wanted)).toMatchObject([{ outcome: 'key' }]);
    await call(vault.url, 'operator', '/shred', { product, patient: { identifier }, cause: 'x' });
    await call(vault.url, 'operator', '/shred', { product, patient: { number }, cause: 'x' });
    await call(vault.url, 'measurements', '/pseudonyms', `{"identifiers":[{"value":"${number}"`);
    await call(vault.url, 'measurements', `/pseudonyms/${number}`, {});
    await vault.end('SIGTERM');

    const output = vault.output();
    expect(output).toContain('"route":"/opening-keys"');
    const spellings = [sealing?.key, indexKey].flatMap((key) => [
      key?.toString('base64'),
      key?.toString('hex'),
    ]);
    const leaked = [number, Buffer.from(number).toString('base64'), ...spellings].filter(
      (secret) => secret === undefined || output.includes(secret),
    );
    expect(leaked).toEqual([]);
  });
});
