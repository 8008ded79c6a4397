import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurements } from '@samspill/contracts';
import {
  bundleOf,
  heartRate,
  homeHub,
  positionOf,
  startMesh,
  syntheticPatients,
  until,
  vaultOperator,
  wardScreen,
  type Mesh,
  type ServiceName,
} from '@samspill/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLog } from './read-log.ts';
import {
  ask,
  backUpLog,
  copyDatabase,
  databaseOf,
  removeLog,
  restoreLog,
  saidBy,
  startServices,
  stopServices,
} from './restore-steps.ts';

// The drill of tools/docs/backup-and-restore.md, in its order. `monday` is the backup; what follows it is lost in a
// disaster, part by part. The vault comes late, since what it loses is lost for all that follows.
const services: readonly ServiceName[] = ['emergency-ward', 'measurements', 'key-vault'];
const numbers = syntheticPatients({ seed: 'restore', count: 4 }).map((one) => one.nationalId);
const [steady = '', shredded = '', closed = '', late = ''] = numbers;
const ofMonday = [steady, shredded, closed];

const started = new AsyncDisposableStack();
let mesh: Mesh;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-restore-'));
  started.defer(() => rm(dataDir, { recursive: true, force: true }));
  mesh = await startMesh({ dataDir, ports: 'free' });
  started.defer(() => mesh.stop());
}, 600_000);
afterAll(() => started.disposeAsync());

interface Overview {
  readonly trends?: readonly { readonly points: readonly unknown[] }[];
}

let readings = 0;
/** One more reading of each; answers with the position of the last. */
async function measure(patients: readonly string[]): Promise<string> {
  readings += 1;
  const minute = String(readings).padStart(2, '0');
  const answer = await homeHub(mesh.urls.measurements).post(
    bundleOf(
      patients.map((nationalId) =>
        heartRate({
          nationalId,
          id: `${numbers.indexOf(nationalId)}-${readings}`,
          value: String(60 + readings),
          effective: `2026-03-01T08:${minute}:00+01:00`,
        }),
      ),
    ),
  );
  expect(answer.body.entry?.map(({ response }) => response.status.slice(0, 3))).toEqual(
    patients.map(() => '201'),
  );
  return positionOf(answer);
}

/** How many readings the ward shows of a patient. */
const shown = async (nationalId: string): Promise<number> => {
  const { body } = await wardScreen(mesh.urls['emergency-ward']).overview<Overview>(nationalId);
  return body.trends?.[0]?.points.length ?? 0;
};
const shows = (nationalId: string, count: number): Promise<number> =>
  until(
    `${count} readings on the screen`,
    120_000,
    () => shown(nationalId),
    (n) => n === count,
  );

/** A question of the ward to the vault; what it answers. */
async function askVault<Answer>(path: string, body: object): Promise<Answer> {
  const answer = await fetch(`${mesh.urls['key-vault']}${path}`, {
    method: 'POST',
    headers: { 'samspill-client': 'emergency-ward', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

/** A data key; the two queries are those of the page. */
interface Key {
  readonly patient: string;
  readonly version: number;
}
const keysInLedger =
  'SELECT DISTINCT patient, key_version AS version FROM measurements.held_event ORDER BY 1, 2';
const keysInVault = `SELECT patient, version FROM key_vault.data_key WHERE product = 'measurements.measurement'`;
const nameOfKey = ({ patient, version }: Key): string => `${patient} ${version}`;
/** Pseudonym of the patient whose key the older vault does not have. */
let lost = '';

const product = measurements.name;
async function order(what: 'shred' | 'close', nationalId: string): Promise<void> {
  const vault = vaultOperator(mesh.urls['key-vault']);
  const patient = { identifier: { system: null, value: nationalId } };
  const body = { product, patient, cause: 'drill' };
  const { status } = await (what === 'shred'
    ? vault.shred(body)
    : vault.grant(what, { ...body, consumer: 'emergency-ward' }));
  expect(status).toBe(200);
}

async function pseudonymOf(nationalId: string): Promise<string | undefined> {
  const identifiers = [{ system: null, value: nationalId }];
  const { pseudonyms } = await askVault<{ pseudonyms: (string[] | null)[] }>('/pseudonyms', {
    identifiers,
    mode: 'find',
  });
  return pseudonyms[0]?.[0];
}

/** What the vault says to the ward about the first key of a patient. */
async function firstKeyOf(patient: string): Promise<string | undefined> {
  const { keys } = await askVault<{ keys: { outcome: string }[] }>('/opening-keys', {
    product,
    keys: [{ patient, version: 1 }],
  });
  return keys[0]?.outcome;
}

/** Event ids in the log of these patients, and those in the ward, each sorted. */
async function expectWardEqualsLog(patients: readonly string[]): Promise<void> {
  const names = new Set(await Promise.all(patients.map(pseudonymOf)));
  const log = (await readLog(mesh.stack.kafkaBrokers, measurements.topic))
    .filter(({ key }) => names.has(key))
    .map(({ id }) => id)
    .sort();
  const inWard = async (): Promise<string[]> =>
    (
      await ask<{ id: string }>(
        mesh,
        'emergency_ward',
        'SELECT event_id::text AS id FROM emergency_ward.measurement ORDER BY 1',
      )
    ).map(({ id }) => id);
  await until('the ward equal to the log', 120_000, inWard, (ids) => ids.join() === log.join());
}

async function expectNobodyParked(): Promise<void> {
  for (const database of ['emergency_ward', 'measurements']) {
    const parked = await ask(
      mesh,
      database,
      `SELECT reason FROM ${database}.patient_gate WHERE state = 'parked'`,
    );
    expect(parked).toEqual([]);
  }
}

/** Starts it and hears that it refuses, and why. */
async function expectRefusal(service: ServiceName): Promise<void> {
  const before = (await saidBy(dataDir, service)).length;
  await expect(mesh.restart(service)).rejects.toMatchObject({ code: 'PART_DID_NOT_START' });
  expect(await saidBy(dataDir, service, before)).toContain('LOG_DATABASE_MISMATCH');
}

it('a backup is taken of log, vault, registry and read models', async () => {
  await measure(ofMonday);
  await measure(ofMonday);
  for (const one of ofMonday) await shows(one, 2);
  await stopServices(mesh, services);
  for (const service of services)
    await copyDatabase(mesh, databaseOf(service), `${databaseOf(service)}_monday`);
  await copyDatabase(mesh, 'registry', 'registry_monday');
  await backUpLog(mesh, 'monday');
  await startServices(mesh);
  await shows(steady, 2);
});

it('after it, patients are added, shredded and closed', async () => {
  await order('shred', shredded);
  await order('close', closed);
  await measure([steady, late]);
  await shows(steady, 3);
  await shows(late, 1);
  await shows(shredded, 0);
  await shows(closed, 0);
  await expectWardEqualsLog([steady, late]);
});

it('an older read model catches up by itself, and shows nobody who was closed or shredded meanwhile', async () => {
  await stopServices(mesh, ['emergency-ward']);
  await copyDatabase(mesh, 'emergency_ward_monday', 'emergency_ward');
  const seen = new Set<number>();
  const caughtUp = new AbortController();
  const watch = (async () => {
    while (!caughtUp.signal.aborted) {
      for (const one of [shredded, closed]) seen.add(await shown(one).catch(() => 0));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await mesh.restart('emergency-ward');
  await shows(late, 1);
  caughtUp.abort();
  await watch;
  expect([...seen]).toEqual([0]);
  await expectWardEqualsLog([steady, late]);
  await expectNobodyParked();
});

it('the registry from its backup serves what it served', async () => {
  await copyDatabase(mesh, 'registry_monday', 'registry');
  await mesh.stack.restart('registry');
  await startServices(mesh);
  await measure([steady]);
  await shows(steady, 4);
});

it('an older log is refused by every service, and nothing is written over it', async () => {
  await stopServices(mesh, services);
  await restoreLog(mesh, 'monday', 'newest');
  for (const service of [...services].reverse()) await expectRefusal(service);

  await restoreLog(mesh, 'newest', 'older');
  await startServices(mesh);
  await shows(steady, 4);
  await expectWardEqualsLog([steady, late]);
});

it('an older vault keeps the shredded shredded and the closed closed, and parks nobody', async () => {
  const before = { shredded: await pseudonymOf(shredded), late: await pseudonymOf(late) };
  await stopServices(mesh, services);
  await copyDatabase(mesh, 'key_vault_monday', 'key_vault');
  await startServices(mesh);

  expect(await firstKeyOf(before.shredded ?? '')).toBe('shredded');
  expect(await firstKeyOf((await pseudonymOf(closed)) ?? '')).toBe('withheld');
  expect(await firstKeyOf((await pseudonymOf(steady)) ?? '')).toBe('key');
  await measure(ofMonday);
  await shows(steady, 5);
  // What came after the shred is under a new key.
  await shows(shredded, 1);
  await shows(closed, 0);
  await expectNobodyParked();

  // What is lost, as the page says: name and key of the patient who came after the backup.
  expect(await pseudonymOf(late)).toBeUndefined();
  expect(await firstKeyOf(before.late ?? '')).toBe('unavailable');
  lost = before.late ?? '';
});

it('keys that an older vault lost are found; what they sealed is held, and passed over once they are declared lost', async () => {
  const sealedUnder = await ask<Key>(mesh, 'measurements', keysInLedger);
  const known = new Set((await ask<Key>(mesh, 'key_vault', keysInVault)).map(nameOfKey));
  const missing = sealedUnder.filter((key) => !known.has(nameOfKey(key)));
  expect(missing).toEqual([{ patient: lost, version: 1 }]);

  await stopServices(mesh, ['emergency-ward']);
  await copyDatabase(mesh, 'emergency_ward_monday', 'emergency_ward');
  await mesh.restart('emergency-ward');
  const holds =
    'SELECT held_for AS reason FROM emergency_ward.projection_offset WHERE held_for IS NOT NULL';
  await until(
    'the partition held',
    60_000,
    () => ask<{ reason: string }>(mesh, 'emergency_ward', holds),
    (held) => held.length === 1 && held[0]?.reason === 'KEY_VAULT_UNAVAILABLE',
  );

  for (const { patient, version } of missing) {
    await ask(
      mesh,
      'key_vault',
      `INSERT INTO key_vault.data_key (patient, product, version, shredded_at)
       VALUES ('${patient}', '${product}', ${version}, now())`,
    );
  }
  await until(
    'nothing held',
    60_000,
    () => ask(mesh, 'emergency_ward', holds),
    (held) => held.length === 0,
  );
  await shows(steady, 5);
  await shows(shredded, 1);
  await shows(closed, 0);
  await expectNobodyParked();
});

it('a log that was wiped is refused', async () => {
  await mesh.stop();
  await removeLog(dataDir);
  await expect(startMesh({ dataDir, ports: 'free' })).rejects.toMatchObject({
    code: 'PART_DID_NOT_START',
  });
  // Whichever came first ended the start of all.
  const said = await Promise.all(services.map((service) => saidBy(dataDir, service)));
  expect(said.join('')).toContain('LOG_DATABASE_MISMATCH');
});
