import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpKeyClient } from './http-key-client.ts';
import type { KeyClient } from './key-client.ts';

interface Asked {
  readonly path: string;
  readonly client: string | undefined;
  readonly body: Record<string, unknown>;
}
type Answer = (asked: Asked) => unknown;

const product = 'measurements.measurement';
const key = Buffer.alloc(32, 7);
const keyAnswer = { outcome: 'key', key: key.toString('base64') };
const wantedIn = ({ body }: Asked): unknown[] => body['keys'] as unknown[];
const someKeys: Answer = (asked) => ({ keys: wantedIn(asked).map(() => keyAnswer) });

let server: Server;
let url: string;
let asked: Asked[];
let answer: Answer;
/** The next answers wait until the test lets them go. */
let held: Promise<void> | undefined;

beforeEach(async () => {
  asked = [];
  held = undefined;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        client: request.headers['samspill-client'] as string | undefined,
        body: JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>,
      };
      asked.push(one);
      const reply = answer(one);
      void (held ?? Promise.resolve()).then(() => {
        if (typeof reply === 'number') response.writeHead(reply, { location: '/away' }).end('{}');
        else response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const client = (timeoutMs = 5_000) => httpKeyClient({ url, clientId: 'emergency-ward', timeoutMs });
const wanted = (patient: Pseudonym, version = 1) => ({ patient, version });
/** Holds answers back; the function returned lets them go. */
const holdAnswers = (): (() => void) => {
  let letGo: () => void = () => undefined;
  held = new Promise((resolve) => (letGo = resolve));
  return letGo;
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe('opening keys', () => {
  it('are fetched once, named in the body alone, and handed out as copies', async () => {
    answer = someKeys;
    const keys = client();
    const patient = newPseudonym();
    const [first] = await keys.openingKeys(product, [wanted(patient)]);
    if (first?.outcome === 'key') first.key.fill(0);
    expect(await keys.openingKeys(product, [wanted(patient)])).toEqual([{ outcome: 'key', key }]);
    expect(asked).toEqual([
      {
        path: '/opening-keys',
        client: 'emergency-ward',
        body: { product, keys: [wanted(patient)] },
      },
    ]);
  });

  it('come in the order of the questions, cached and fetched ones mixed', async () => {
    answer = (one) => ({
      keys: wantedIn(one).map((item) => ({
        outcome: 'key',
        key: Buffer.alloc(32, (item as { version: number }).version).toString('base64'),
      })),
    });
    const keys = client();
    const patient = newPseudonym();
    await keys.openingKeys(product, [wanted(patient, 2)]);
    const versions = [1, 2, 3, 2, 1];
    const all = await keys.openingKeys(
      product,
      versions.map((version) => wanted(patient, version)),
    );
    expect(all.map((one) => one.outcome === 'key' && one.key[0])).toEqual(versions);
  });

  it('pass on what the vault states, and ask again the next time', async () => {
    const states = ['withheld', 'shredded'] as const;
    answer = () => ({ keys: states.map((outcome) => ({ outcome })) });
    const keys = client();
    const both = [wanted(newPseudonym()), wanted(newPseudonym())];
    expect(await keys.openingKeys(product, both)).toEqual(states.map((outcome) => ({ outcome })));
    await keys.openingKeys(product, both);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['refusal', 403],
    ['fault', 500],
    ['text that is no JSON', 'x'],
    ['answer of another form', { keys: [{ outcome: 'gone' }] }],
    ['key that is no base64', { keys: [{ outcome: 'key', key: '%' }] }],
    ['answer with too few keys', { keys: [] }],
    ['undecided answer', { keys: [{ outcome: 'unavailable', reason: 'unknown key' }] }],
  ])('are unavailable after a %s, and never taken for shredded', async (_, reply) => {
    answer = () => reply;
    const [outcome] = await client().openingKeys(product, [wanted(newPseudonym())]);
    expect(outcome?.outcome).toBe('unavailable');
  });

  it('are unavailable when the vault takes too long or is gone', async () => {
    answer = someKeys;
    const letGo = holdAnswers();
    const patient = newPseudonym();
    const [late] = await client(20).openingKeys(product, [wanted(patient)]);
    letGo();
    const nowhere = httpKeyClient({ url: 'http://127.0.0.1:1', clientId: 'x' });
    const [gone] = await nowhere.openingKeys(product, [wanted(patient)]);
    expect([late?.outcome, gone?.outcome]).toEqual(['unavailable', 'unavailable']);
  });

  it('share one request among concurrent callers', async () => {
    answer = someKeys;
    const keys = client();
    const patient = newPseudonym();
    const other = newPseudonym();
    const letGo = holdAnswers();
    const calls = [keys.openingKeys(product, [wanted(patient)])];
    await until(() => asked.length === 1);
    calls.push(keys.openingKeys(product, [wanted(patient), wanted(other)]));
    await until(() => asked.length === 2);
    letGo();
    await Promise.all(calls);
    expect(asked.map(wantedIn)).toEqual([[wanted(patient)], [wanted(other)]]);
  });

  it('are asked for by a thousand at most', async () => {
    answer = someKeys;
    const many = Array.from({ length: 2_001 }, () => wanted(newPseudonym()));
    await client().openingKeys(product, many);
    expect(asked.map((one) => wantedIn(one).length)).toEqual([1_000, 1_000, 1]);
  });
});

describe('evicting a patient', () => {
  it('forgets all versions of that product and nothing else', async () => {
    answer = someKeys;
    const keys = client();
    const [patient, other] = [newPseudonym(), newPseudonym()];
    const all = [wanted(patient, 1), wanted(patient, 2), wanted(other, 1)];
    await keys.openingKeys(product, all);
    keys.evict('another.product', patient);
    keys.evict(product, patient);
    await keys.openingKeys(product, all);
    expect(asked.map((one) => wantedIn(one).length)).toEqual([3, 2]);
  });

  it('refuses what a fetch brings that began before, and asks anew for later callers', async () => {
    answer = someKeys;
    const keys = client();
    const [patient, other] = [newPseudonym(), newPseudonym()];
    const letGo = holdAnswers();
    const early = keys.openingKeys(product, [wanted(patient), wanted(other)]);
    await until(() => asked.length === 1);
    keys.evict(product, patient);
    const late = keys.openingKeys(product, [wanted(patient)]);
    await until(() => asked.length === 2);
    letGo();
    expect((await early).map(({ outcome }) => outcome)).toEqual(['unavailable', 'key']);
    expect((await late).map(({ outcome }) => outcome)).toEqual(['key']);
  });
});

describe('evicting a patient while others are fetched', () => {
  it('takes back a key that was held already', async () => {
    answer = someKeys;
    const keys = client();
    const [patient, other] = [newPseudonym(), newPseudonym()];
    await keys.openingKeys(product, [wanted(patient)]);
    const letGo = holdAnswers();
    const both = keys.openingKeys(product, [wanted(patient), wanted(other)]);
    await until(() => asked.length === 2);
    keys.evict(product, patient);
    letGo();
    expect((await both).map(({ outcome }) => outcome)).toEqual(['unavailable', 'key']);
  });
});

describe('keys to seal with', () => {
  it('are asked for every time, since a shredded one would lose the event', async () => {
    answer = ({ body }) => ({
      keys: (body['patients'] as unknown[]).map(() => ({
        version: asked.length,
        key: keyAnswer.key,
      })),
    });
    const keys = client();
    const patient = newPseudonym();
    const versions = [
      await keys.sealingKeys(product, [patient]),
      await keys.sealingKeys(product, [patient, patient]),
    ].map((all) => all.map(({ version }) => version));
    expect(versions).toEqual([[1], [2, 2]]);
  });

  it('are refused or away by an error that says which', async () => {
    answer = () => 403;
    await expect(client().sealingKeys(product, [newPseudonym()])).rejects.toMatchObject({
      code: 'KEY_VAULT_REFUSED',
      retriable: false,
    });
    answer = () => 503;
    await expect(client().indexKey(product)).rejects.toMatchObject({
      code: 'KEY_VAULT_UNAVAILABLE',
      retriable: true,
    });
  });
});

describe('pseudonyms', () => {
  const number = { system: null, value: '15838510075' };

  it('are asked of the vault alone: numbers are not sent on to where it may point', async () => {
    answer = () => 307;
    await expect(client().pseudonyms([number], 'find')).rejects.toMatchObject({
      code: 'KEY_VAULT_UNAVAILABLE',
    });
    expect(asked.map(({ path }) => path)).toEqual(['/pseudonyms']);
  });

  const sameNumber = { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '15838510075' };
  const other = { system: null, value: '55838510069' };

  it('are remembered under every spelling of the number', async () => {
    const set = [newPseudonym(), newPseudonym()];
    answer = () => ({ pseudonyms: [set] });
    const keys = client();
    expect(await keys.pseudonyms([number, sameNumber], 'create')).toEqual([set, set]);
    expect(await keys.pseudonyms([sameNumber], 'find')).toEqual([set]);
    expect(asked.map(({ body }) => body)).toEqual([{ identifiers: [number], mode: 'create' }]);
  });

  it('that are not found are not remembered', async () => {
    const set = [newPseudonym()];
    answer = () => ({ pseudonyms: [null] });
    const keys = client();
    expect(await keys.pseudonyms([other], 'find')).toEqual([undefined]);
    answer = () => ({ pseudonyms: [set] });
    expect(await keys.pseudonyms([other], 'find')).toEqual([set]);
  });

  it('are refused when they have another form, without quoting the number', async () => {
    answer = () => ({ pseudonyms: [[number.value]] });
    const error = await client()
      .pseudonyms([number], 'find')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'KEY_VAULT_UNAVAILABLE' });
    expect(String(error)).not.toContain(number.value);
  });
});

describe('what is kept of a patient', () => {
  const number = { system: null, value: '15838510075' };
  /** Names of the caches that hold the patient. */
  const holding = (keys: KeyClient, patient: Pseudonym): string[] =>
    keys.caches.filter((cache) => cache.holds(patient)).map(({ name }) => name);

  it('lies in caches with names, and in none after an eviction', async () => {
    const [patient, other] = [newPseudonym(), newPseudonym()];
    answer = (one) =>
      one.path === '/pseudonyms' ? { pseudonyms: [[other, patient]] } : someKeys(one);
    const keys = client();
    await keys.pseudonyms([number], 'find');
    await keys.openingKeys(product, [wanted(patient), wanted(other)]);
    expect(keys.caches.map(({ name }) => name)).toEqual([
      'opened-keys',
      'pseudonyms',
      'keys-under-way',
    ]);
    expect(holding(keys, patient)).toEqual(['opened-keys', 'pseudonyms']);
    keys.evict(product, patient);
    expect(holding(keys, patient)).toEqual([]);
    // The set of numbers is forgotten as a whole; the other patient's keys are not.
    expect(holding(keys, other)).toEqual(['opened-keys']);
  });

  it('is not put back by an answer that was asked for before the eviction', async () => {
    const patient = newPseudonym();
    answer = (one) => (one.path === '/pseudonyms' ? { pseudonyms: [[patient]] } : someKeys(one));
    const keys = client();
    const letGo = holdAnswers();
    const asking = [
      keys.pseudonyms([number], 'find'),
      keys.openingKeys(product, [wanted(patient)]),
    ] as const;
    await until(() => asked.length === 2);
    expect(holding(keys, patient)).toEqual(['keys-under-way']);
    keys.evict(product, patient);
    expect(holding(keys, patient)).toEqual([]);
    letGo();
    expect(await asking[0]).toEqual([[patient]]);
    expect(await asking[1]).toMatchObject([{ outcome: 'unavailable' }]);
    expect(holding(keys, patient)).toEqual([]);
    await keys.pseudonyms([number], 'find');
    expect(holding(keys, patient)).toEqual(['pseudonyms']);
  });

  it('is zeroed in the answer once each caller has a copy of its own', async () => {
    const patient = newPseudonym();
    answer = (one) =>
      one.path === '/sealing-keys' ? { keys: [{ version: 1, key: keyAnswer.key }] } : someKeys(one);
    const from = vi.spyOn(Buffer, 'from');
    const keys = client();
    const letGo = holdAnswers();
    const asking = [
      keys.openingKeys(product, [wanted(patient)]),
      keys.openingKeys(product, [wanted(patient)]),
    ];
    const sealing = keys.sealingKeys(product, [patient]);
    await until(() => asked.length === 2);
    letGo();
    const copies = [...(await Promise.all(asking)).flat(), ...(await sealing)];
    const answered = from.mock.results
      .filter((_, at) => (from.mock.calls[at] as unknown[])[1] === 'base64')
      .map(({ value }) => value as Buffer);
    from.mockRestore();
    expect(copies.map((one) => 'key' in one && one.key.equals(key))).toEqual([true, true, true]);
    expect(answered.map((one) => one.equals(Buffer.alloc(32)))).toEqual([true, true]);
  });
});
