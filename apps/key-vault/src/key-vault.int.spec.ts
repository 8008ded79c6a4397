import { writeFile } from 'node:fs/promises';
import { measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { metricListFile, metricListOf } from '@samspill/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  startInstance,
  startServers,
  type Instance,
  type Servers,
} from './sample/servers.ts';

const product = measurements.name;

let servers: Servers;
let vault: Instance;
beforeAll(async () => {
  servers = await startServers();
  vault = await startInstance(servers.env);
});
afterAll(async () => {
  await vault.close();
  await servers.stop();
});

describe('keys', () => {
  it('are given to the owning domain to seal and to subscribers to open, and to nobody else', async () => {
    const patients = [newPseudonym()];
    const keys = [{ patient: patients[0], version: 1 }];
    const refusals = await Promise.all([
      call(vault.url, 'emergency-ward', '/sealing-keys', { product, patients }),
      call(vault.url, 'emergency-ward', '/index-key', { product }),
      call(vault.url, 'measurements', '/index-key', { product: 'key-vault.patient-state' }),
      call(vault.url, 'emergency-ward', '/opening-keys', { product: 'lab.report', keys }),
      call(vault.url, 'operator', '/opening-keys', { product, keys }),
      call(vault.url, 'measurements', '/shred', {
        product,
        patient: { pseudonym: patients[0] },
        cause: 'x',
      }),
      call(vault.url, 'ward-screen', '/pseudonyms', { identifiers: [], mode: 'find' }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(Array(7).fill(403));
    expect((await call(vault.url, 'nobody', '/index-key', { product })).status).toBe(401);
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
      const answer = await call(vault.url, 'measurements', path, body);
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
    const answer = await call(vault.url, 'operator', '/shred', body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('body.cause')]);
    expect(answer.text).not.toContain('15838510075');
  });

  it('shreds nothing of a product that is not there', async () => {
    const body = { product: 'lab.report', patient: { pseudonym: newPseudonym() }, cause: 'x' };
    expect((await call(vault.url, 'operator', '/shred', body)).status).toBe(404);
  });
});

it('every metric stands in the list that dashboards are held against', async () => {
  await expect(metricListOf(vault.metrics)).toMatchFileSnapshot(metricListFile('key-vault'));
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
