import { describe, expect, it } from 'vitest';
import { readMeasurementBundle } from './bundle.ts';
import { bodyOf, heartRate, lenient, patient } from './measurement-fixture.ts';

const bundle = (entry: readonly unknown[], changes: Record<string, unknown> = {}) =>
  bodyOf({ resourceType: 'Bundle', type: 'collection', entry, ...changes });

const entriesOf = (body: Buffer) => {
  const result = readMeasurementBundle(body, lenient);
  if (result.outcome === 'refused') throw new Error(JSON.stringify(result.issues));
  return result.entries;
};

const noKey = heartRate({ identifier: undefined });
const uuid = 'f47ac10b-58cc-4372-8567-0e02b2c3d479';

describe('a Bundle that is refused as a whole', () => {
  it.each<[string, Buffer, number, string]>([
    ['not JSON', Buffer.from('{'), 400, 'structure'],
    ['XML', Buffer.from('<Bundle/>'), 400, 'structure'],
    ['no FHIR resource', bodyOf({ a: 1 }), 400, 'structure'],
    ['another resource', bodyOf(heartRate()), 400, 'value'],
    ['a transaction', bundle([{}], { type: 'transaction' }), 400, 'value'],
    ['no entries', bundle([]), 400, 'value'],
    ['1,001 entries', bundle(Array(1001).fill({ resource: noKey })), 413, 'too-long'],
    ['1,001 entries that are none', bundle(Array(1001).fill(1)), 413, 'too-long'],
    ['10,000 levels', Buffer.from('['.repeat(10_000)), 400, 'structure'],
    [
      'a patient in its identifier',
      bundle([{}], { identifier: { value: `b-${patient}` } }),
      400,
      'value',
    ],
  ])('for %s', (_, body, status, code) =>
    expect(readMeasurementBundle(body, lenient)).toMatchObject({
      outcome: 'refused',
      status,
      issues: [{ code }],
    }),
  );
});

describe('a Bundle that is read', () => {
  it('judges entries one by one, in order', () => {
    const entries = entriesOf(
      bundle([
        { resource: heartRate() },
        { resource: { resourceType: 'Patient' } },
        { resource: { resourceType: 'DiagnosticReport' } },
        { fullUrl: 'x' },
        { resource: heartRate({ code: undefined }) },
      ]),
    );
    expect(entries.map(({ outcome, index, fullUrl }) => [outcome, index, fullUrl])).toEqual([
      ['accepted', 0, 'urn:samspill:entry:0'],
      ['ignored', 1, 'urn:samspill:entry:1'],
      ['refused', 2, 'urn:samspill:entry:2'],
      ['refused', 3, 'x'],
      ['refused', 4, 'urn:samspill:entry:4'],
    ]);
    expect(entries[4]).toMatchObject({ issues: [{ place: 'Bundle.entry[4].resource.code' }] });
  });

  it('takes 1,000 entries', () => {
    expect(entriesOf(bundle(Array(1000).fill({ resource: noKey })))).toHaveLength(1000);
  });

  it.each([
    ['https://hub.example/Observation/1', heartRate(), 'url'],
    ['urn:oid:2.16.578.1.99.7', heartRate(), 'url'],
    [`urn:uuid:${uuid}`, heartRate(), 'identifier'],
    [`urn:uuid:${uuid}`, noKey, 'uuid'],
    ['BundleExample', heartRate(), 'identifier'],
    [undefined, { ...noKey, id: uuid }, 'id'],
    [undefined, { ...noKey, id: 'vkp-1' }, 'hash'],
    [undefined, heartRate({ identifier: [{ system: 'urn:oid:1.2.3.4', value: '' }] }), 'hash'],
    [undefined, heartRate({ identifier: [{ system: ' ', value: '7' }] }), 'hash'],
  ])('finds the key of fullUrl %s in the order of the specification', (fullUrl, resource, kind) => {
    expect(entriesOf(bundle([{ fullUrl, resource }]))[0]).toMatchObject({ key: { kind } });
  });

  it('knows one UUID by the same key whether it comes as fullUrl or as id', () => {
    const [one, other] = entriesOf(
      bundle([
        { fullUrl: `urn:uuid:${uuid}`, resource: noKey },
        { resource: { ...noKey, id: uuid } },
      ]),
    );
    expect(one).toMatchObject({ key: { parts: ['uuid', uuid] } });
    expect(other).toMatchObject({ key: { parts: ['uuid', uuid] } });
  });

  it('warns of a fullUrl that is no key, and refuses one with a patient in it', () => {
    const [odd, leaking] = entriesOf(
      bundle([
        { fullUrl: 'BundleExample', resource: heartRate() },
        { fullUrl: `https://hub.example/${patient}/1`, resource: heartRate() },
      ]),
    );
    expect(odd).toMatchObject({ outcome: 'accepted', fullUrl: 'BundleExample', warnings: [{}] });
    expect(leaking).toMatchObject({ outcome: 'refused', fullUrl: 'urn:samspill:entry:1' });
    expect(JSON.stringify(leaking)).not.toContain(patient);
  });

  it('tells apart readings without any key by what was measured', () => {
    const pressure = (value: number) => ({
      ...noKey,
      valueQuantity: undefined,
      component: [{ code: { text: 'systolic' }, valueQuantity: { value } }],
    });
    const entries = entriesOf(
      bundle([
        { resource: pressure(120) },
        { resource: pressure(130) },
        { resource: pressure(120) },
      ]),
    );
    const keys = entries.map((entry) => entry.outcome === 'accepted' && entry.key.parts.join());
    expect(keys[0]).toBe(keys[2]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('reads the request of a batch', () => {
    const batch = (request?: unknown) =>
      entriesOf(bundle([{ resource: heartRate(), request }], { type: 'batch' }))[0];
    expect(batch({ method: 'POST' })).toMatchObject({ intent: 'record' });
    expect(batch({ method: 'PUT', url: 'test.url' })).toMatchObject({ intent: 'correct' });
    expect(batch({ method: 'DELETE' })).toMatchObject({ outcome: 'refused', status: 405 });
    expect(batch()).toMatchObject({ outcome: 'refused', status: 422 });
    expect(batch({ method: 'POST', ifNoneExist: 'identifier=urn:a|7' })).toMatchObject({
      ifNoneExist: { system: 'urn:a', value: '7' },
    });
    expect(batch({ method: 'POST', ifNoneExist: 'code=7' })).toMatchObject({ status: 422 });
  });

  it('reads the municipality in either spelling', () => {
    const root = 'https://register.geonorge.no/sosi-kodelister';
    for (const system of [
      `${root}/kommunenummer`,
      `${root}/inndelinger/inndelingsbase/kommunenummer`,
    ]) {
      const meta = { tag: [{ system, code: '0301' }] };
      const [entry] = entriesOf(bundle([{ resource: heartRate() }], { meta }));
      expect(entry).toMatchObject({ clear: { municipality: '0301' } });
    }
  });

  it('takes the time of the Bundle as source time where the resource has none', () => {
    const timestamp = '2024-03-01T09:00:00+01:00';
    const [entry] = entriesOf(bundle([{ resource: heartRate() }], { timestamp }));
    expect(entry).toMatchObject({
      sourceUpdatedAtMs: Date.parse(timestamp),
      content: { sourceUpdatedAt: timestamp, bundleTimestamp: timestamp },
    });
  });

  it('warns of a time of the Bundle that cannot be read, and holds nothing up for it', () => {
    const timestamp = '2024-03-01T09:00:00';
    const [entry] = entriesOf(bundle([{ resource: heartRate() }], { timestamp }));
    expect(entry).toMatchObject({
      outcome: 'accepted',
      sourceUpdatedAtMs: undefined,
      content: { bundleTimestamp: timestamp },
      warnings: [{ code: 'value', place: 'Bundle.timestamp' }],
    });
  });
});
