import { writeFile } from 'node:fs/promises';
import { measurements } from '@samspill/contracts';
import { newPseudonym, parsePosition, type Pseudonym } from '@samspill/kernel';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  openPool,
  startInstance,
  startServers,
  type Instance,
  type Servers,
} from './sample/servers.ts';

const product = measurements.name;
const numbers = ['15838510075', '55838510069'].map((value) => ({ system: null, value }));
const local = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({
    system: 'urn:oid:2.16.578.1.12.4.3.9',
    value: `${name}-${n}`,
  }));

let servers: Servers;
let instances: [Instance, Instance];
let pool: Pool;
let domain: [KeyClient, KeyClient];
let ward: KeyClient;

beforeAll(async () => {
  servers = await startServers();
  instances = await Promise.all([startInstance(servers.env), startInstance(servers.env)]);
  pool = await openPool(servers.env);
  const clientOf = (clientId: string, index: 0 | 1): KeyClient =>
    httpKeyClient({ url: instances[index].url, clientId });
  domain = [clientOf('measurements', 0), clientOf('measurements', 1)];
  ward = clientOf('emergency-ward', 1);
});
afterAll(async () => {
  await pool.end();
  await Promise.all(instances.map((instance) => instance.close()));
  await servers.stop();
});

/** A patient of this test alone, with a key. */
const patientWithKey = async (): Promise<Pseudonym> => {
  const patient = newPseudonym();
  await domain[0].sealingKeys(product, [patient]);
  return patient;
};
const open = async (patient: Pseudonym, ...versions: number[]) =>
  ward.openingKeys(
    product,
    versions.map((version) => ({ patient, version })),
  );
const outcomes = async (patient: Pseudonym, ...versions: number[]) =>
  (await open(patient, ...versions)).map(({ outcome }) => outcome);
const factsOf = async (patient: Pseudonym): Promise<string[]> => {
  const sql = 'SELECT event FROM outbox WHERE patient = $1 ORDER BY id';
  return (await pool.query<{ event: string }>(sql, [patient])).rows.map(({ event }) => event);
};
const shred = async (patient: object, cause = 'on order') => {
  const answer = await call(instances[0].url, 'operator', '/shred', { product, patient, cause });
  return { status: answer.status, receipt: JSON.parse(answer.text) as Receipt };
};
interface Receipt {
  readonly shredded: { patient: string; keyVersion: number; position?: string }[];
}

describe('pseudonyms', () => {
  it('are one per number when fifty ask for the same twenty through two instances at once', async () => {
    const twenty = local(20, 'concurrent');
    const bodies = Array.from({ length: 50 }, (_, n) => ({
      // Each in another order, so that locks are asked for in every order.
      identifiers: [...twenty.slice(n % 20), ...twenty.slice(0, n % 20)],
      mode: 'create',
    }));
    const answers = await Promise.all(
      bodies.map((body, n) =>
        call(instances[n % 2 === 0 ? 0 : 1].url, 'measurements', '/pseudonyms', body),
      ),
    );
    const given = new Map<string, Set<string>>();
    answers.forEach(({ status, text }, n) => {
      expect(status).toBe(200);
      const { pseudonyms } = JSON.parse(text) as { pseudonyms: string[][] };
      bodies[n]?.identifiers.forEach(({ value }, index) => {
        given.set(value, (given.get(value) ?? new Set()).add(pseudonyms[index]?.join() ?? ''));
      });
    });
    expect([...given.values()].map(({ size }) => size)).toEqual(Array(20).fill(1));
    expect(new Set([...given.values()].flatMap((set) => [...set])).size).toBe(20);
  });

  it('are found under any system of the three kinds, and nowhere is a number kept', async () => {
    const [first] = await domain[0].pseudonyms(numbers, 'create');
    const asked = { system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: numbers[0]?.value ?? '' };
    expect(await ward.pseudonyms([asked], 'find')).toEqual([first]);
    const { rows } = await pool.query<{ line: string }>(
      `SELECT pseudonym::text AS line FROM pseudonym UNION ALL SELECT outbox::text FROM outbox`,
    );
    expect(rows.filter(({ line }) => numbers.some(({ value }) => line.includes(value)))).toEqual(
      [],
    );
  });

  it('are not made by a look-up', async () => {
    const unknown = local(1, 'nobody');
    expect(await ward.pseudonyms(unknown, 'find')).toEqual([undefined]);
    expect(await ward.pseudonyms(unknown, 'find')).toEqual([undefined]);
  });

  it('are made by those alone who may, and looked up in limited count', async () => {
    const body = { identifiers: local(1, 'by-ward'), mode: 'create' };
    expect((await call(instances[0].url, 'emergency-ward', '/pseudonyms', body)).status).toBe(403);
    const many = { identifiers: local(1_000, 'guess'), mode: 'find' };
    const ask = () => call(instances[0].url, 'emergency-ward', '/pseudonyms', many);
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('keys', () => {
  it('to seal with are one per patient when many ask at once through two instances', async () => {
    const patients = Array.from({ length: 20 }, newPseudonym);
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const asked = [...patients.slice(n % 20), ...patients.slice(0, n % 20)];
        const client = n % 2 === 0 ? domain[0] : domain[1];
        return client
          .sealingKeys(product, asked)
          .then((keys) => new Map(asked.map((p, i) => [p, keys[i]])));
      }),
    );
    for (const patient of patients) {
      const keys = all.map((answer) => answer.get(patient));
      expect(new Set(keys.map((key) => key?.key.toString('hex'))).size).toBe(1);
      expect(new Set(keys.map((key) => key?.version))).toEqual(new Set([1]));
    }
  });

  it('open what they sealed, and open a grant once', async () => {
    const patient = newPseudonym();
    const [sealing] = await domain[0].sealingKeys(product, [patient, patient]);
    expect(await open(patient, 1)).toEqual([{ outcome: 'key', key: sealing?.key }]);
    await open(patient, 2);
    ward.evict(product, patient);
    await Promise.all([open(patient, 1), open(patient, 1, 3)]);
    expect(await factsOf(patient)).toEqual(['GrantOpened']);
  });

  it('open one grant a patient when many instances of a consumer ask first at once', async () => {
    const patients = await Promise.all(Array.from({ length: 10 }, patientWithKey));
    const keys = patients.map((patient) => ({ patient, version: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call(instances[n % 2 === 0 ? 0 : 1].url, 'emergency-ward', '/opening-keys', {
          product,
          keys: n % 3 === 0 ? keys.toReversed() : keys,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const facts = await Promise.all(patients.map(factsOf));
    expect(facts).toEqual(Array(10).fill(['GrantOpened']));
  });

  it('that never were are unavailable and not shredded, and open no grant', async () => {
    const patient = newPseudonym();
    expect(await outcomes(patient, 1)).toEqual(['unavailable']);
    expect(await factsOf(patient)).toEqual([]);
  });

  it('are given to the owning domain to seal and to subscribers to open, and to nobody else', async () => {
    const patients = [newPseudonym()];
    const keys = [{ patient: patients[0], version: 1 }];
    const refusals = await Promise.all([
      call(instances[0].url, 'emergency-ward', '/sealing-keys', { product, patients }),
      call(instances[0].url, 'emergency-ward', '/index-key', { product }),
      call(instances[0].url, 'measurements', '/index-key', { product: 'key-vault.patient-state' }),
      call(instances[0].url, 'emergency-ward', '/opening-keys', { product: 'lab.report', keys }),
      call(instances[0].url, 'operator', '/opening-keys', { product, keys }),
      call(instances[0].url, 'measurements', '/shred', {
        product,
        patient: { pseudonym: patients[0] },
        cause: 'x',
      }),
      call(instances[0].url, 'ward-screen', '/pseudonyms', { identifiers: [], mode: 'find' }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(Array(7).fill(403));
    expect((await call(instances[0].url, 'nobody', '/index-key', { product })).status).toBe(401);
  });

  it('to name facts with are the same from every instance', async () => {
    const [one, other] = await Promise.all(domain.map((client) => client.indexKey(product)));
    expect(one).toHaveLength(32);
    expect(one).toEqual(other);
  });
});

describe('shredding', () => {
  it('destroys every key, says so in the log, and lets later care begin anew', async () => {
    const patient = await patientWithKey();
    const neighbour = await patientWithKey();
    await Promise.all([open(patient, 1), open(neighbour, 1)]);

    const { status, receipt } = await shred({ pseudonym: patient });
    expect(status).toBe(200);
    expect(receipt.shredded).toMatchObject([{ patient, keyVersion: 1 }]);
    expect(parsePosition(receipt.shredded[0]?.position ?? '')).toBeDefined();

    ward.evict(product, patient);
    ward.evict(product, neighbour);
    expect(await outcomes(patient, 1)).toEqual(['shredded']);
    expect(await outcomes(neighbour, 1)).toEqual(['key']);
    const { rows } = await pool.query(
      'SELECT FROM data_key WHERE patient = $1 AND wrapped IS NOT NULL',
      [patient],
    );
    expect(rows).toEqual([]);

    expect(await domain[1].sealingKeys(product, [patient])).toMatchObject([{ version: 2 }]);
    expect(await outcomes(patient, 1, 2)).toEqual(['shredded', 'key']);
    expect(await factsOf(patient)).toEqual(['GrantOpened', 'KeyShredded']);
  });

  it('again gives the receipt of before, and destroys what came since', async () => {
    const patient = await patientWithKey();
    const first = await shred({ pseudonym: patient });
    const again = await shred({ pseudonym: patient });
    expect(again).toEqual(first);
    await domain[0].sealingKeys(product, [patient]);
    const third = await shred({ pseudonym: patient });
    expect(third.receipt.shredded).toMatchObject([{ patient, keyVersion: 2 }]);
  });

  it('finds a patient by number, and says when there is none or nothing to destroy', async () => {
    const [identifier = numbers[0]] = local(1, 'to-shred');
    expect((await shred({ identifier })).status).toBe(404);
    const [set] = await domain[0].pseudonyms([identifier ?? { system: null, value: '' }], 'create');
    expect(await shred({ identifier })).toMatchObject({ status: 200, receipt: { shredded: [] } });
    await domain[0].sealingKeys(product, set ?? []);
    expect((await shred({ identifier })).receipt.shredded).toMatchObject([
      { patient: set?.[0], keyVersion: 1 },
    ]);
  });

  it('while keys are made and opened leaves no key of a destroyed version to anybody', async () => {
    const patient = await patientWithKey();
    const work = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0 ? domain[0].sealingKeys(product, [patient]) : shred({ pseudonym: patient }),
    );
    await Promise.all(work);
    const { receipt } = await shred({ pseudonym: patient });
    const last = receipt.shredded[0]?.keyVersion ?? 0;
    const versions = Array.from({ length: last }, (_, n) => n + 1);
    expect(new Set(await outcomes(patient, ...versions))).toEqual(new Set(['shredded']));
    expect(await domain[0].sealingKeys(product, [patient])).toMatchObject([{ version: last + 1 }]);
  });
});

describe('a call that is wrong', () => {
  it.each([
    ['no JSON', '/sealing-keys', '{"product":'],
    ['another form', '/sealing-keys', { product, patients: ['15838510075'] }],
    [
      'too many items',
      '/opening-keys',
      { product, keys: Array(1_001).fill({ patient: newPseudonym(), version: 1 }) },
    ],
    [
      'a version that cannot be',
      '/opening-keys',
      { product, keys: [{ patient: newPseudonym(), version: 0 }] },
    ],
    ['an empty body', '/index-key', ''],
  ])(
    'as %s is refused, naming place, rule and mend, and quoting nothing',
    async (_, path, body) => {
      const answer = await call(instances[0].url, 'measurements', path, body);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        problems: [{ place: expect.stringMatching(/^body/) as string }],
      });
      expect(answer.text).not.toContain('15838510075');
    },
  );

  it('shreds nothing for a cause that names a person', async () => {
    const patient = { pseudonym: newPseudonym() };
    const body = { product, patient, cause: 'asked for by 15838510075' };
    const answer = await call(instances[0].url, 'operator', '/shred', body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('body.cause')]);
    expect(answer.text).not.toContain('15838510075');
  });

  it('shreds nothing of a product that is not there', async () => {
    const body = { product: 'lab.report', patient: { pseudonym: newPseudonym() }, cause: 'x' };
    expect((await call(instances[0].url, 'operator', '/shred', body)).status).toBe(404);
  });
});

describe('a start', () => {
  it('with the key-encryption key of another database is refused', async () => {
    const file = `${servers.folder}/other-kek`;
    await writeFile(file, Buffer.alloc(32, 1), { mode: 0o600 });
    const env = { ...servers.env, SAMSPILL_KEK_FILE: file };
    await expect(startInstance(env)).rejects.toMatchObject({ code: 'KEY_ENCRYPTION_KEY_WRONG' });
  });

  it('without the key-encryption key of its database is refused, and makes none', async () => {
    const env = { ...servers.env, SAMSPILL_KEK_FILE: `${servers.folder}/absent` };
    await expect(startInstance(env)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(startInstance(env)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
