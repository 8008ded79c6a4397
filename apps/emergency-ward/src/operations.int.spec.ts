import { keyVault, measurements } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import { formatPosition, type Position, type Pseudonym } from '@samspill/kernel';
import { metricListFile, metricListOf, parseSamples, syntheticPatients } from '@samspill/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulse } from './fhir.sample.ts';
import { home } from './home.sample.ts';
import { startWard, type WardServers } from './ward-servers.sample.ts';

const anna = '15838510075';
const bjorn = '55838510069';
const [{ nationalId: carla } = { nationalId: '' }] = syntheticPatients({ count: 1, seed: 'carla' });
const at = '2026-01-05T08:00:00+01:00';

let ward: WardServers;

beforeAll(async () => {
  ward = await startWard();
});
afterAll(() => ward.stop());

/** The event of a measurement that nobody publishes. */
const sealedOnly = async (patient: string): Promise<OutgoingEvent[]> => {
  const events: OutgoingEvent[] = [];
  const publish = (some: readonly OutgoingEvent[]) => {
    events.push(...some);
    return Promise.resolve([{ topic: measurements.topic, partition: 0, offset: 0 }]);
  };
  const publisher = { publish, close: () => Promise.resolve() };
  const { wire, keys } = ward;
  await home({ publisher, wire, keys }).measures(patient, pulse(70, { at }));
  return events;
};

/** Of what `events/search` answers. */
type EventsFound = Record<'readModels', readonly ReadModelFound[]>;
interface ReadModelFound {
  readonly rows: readonly { readonly eventId: string; readonly offset: number }[];
  readonly partitions: readonly { readonly topic: string; readonly records: number }[];
  readonly shown: unknown;
}

const asOperator = { 'samspill-client': 'operator', 'content-type': 'application/json' };
const order = (path: string, body: unknown, headers: Record<string, string> = asOperator) =>
  fetch(`${ward.url}/operations/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
const ordered = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
  const answer = await order(path, body);
  const said = (await answer.json()) as Record<string, unknown>;
  expect(answer.status, JSON.stringify(said)).toBe(200);
  return said;
};
const lag = async () =>
  (await (await fetch(`${ward.url}/operations/lag`, { headers: asOperator })).json()) as {
    service: string;
    readModels: {
      projection: string;
      version: number;
      gates: Record<string, number>;
      partitions: {
        topic: string;
        partition: number;
        next: number;
        end: number;
        records: number;
        held: { code: string; since: string } | null;
      }[];
    }[];
  };
const standing = async ({ topic, partition }: Position) =>
  (await lag()).readModels
    .flatMap(({ partitions }) => partitions)
    .find((one) => one.topic === topic && one.partition === partition);
const pseudonymOf = async (patient: string): Promise<Pseudonym> => {
  const [set] = await ward.keys.pseudonyms([{ system: null, value: patient }], 'find');
  if (set?.[0] === undefined) throw new Error('unknown patient');
  return set[0];
};
/** A record that nobody can read, under the patient's key. */
const spoil = async (patient: string): Promise<Position> => {
  const [position] = await ward.eventLog.publisher().publish([
    {
      topic: measurements.topic,
      key: await pseudonymOf(patient),
      id: '0192b1c0-0000-8000-8000-000000000001' as never,
      type: 'no.samspill.Nothing',
      source: 'urn:samspill:310000019:home',
      value: Buffer.from('no wire format'),
    },
  ]);
  if (position === undefined) throw new Error('no position');
  return position;
};
const caughtUp = (position: Position) =>
  expect.poll(async () => (await standing(position))?.records, { timeout: 30_000 }).toBe(0);

describe('an operator of the ward', () => {
  it('sees for each partition where it stands, and who owns it', async () => {
    const position = await ward.hub.measures(anna, pulse(70, { at }), 'a1');
    await caughtUp(position);
    const { service, readModels } = await lag();
    expect(service).toBe('emergency-ward');
    expect(readModels.map(({ projection, version }) => `${projection} ${version}`)).toEqual([
      'measurements 1',
    ]);
    expect(await standing(position)).toEqual({
      topic: position.topic,
      partition: position.partition,
      next: position.offset + 1,
      end: position.offset + 1,
      records: 0,
      behindSeconds: 0,
      owner: expect.stringMatching(/^emergency-ward\/\d+$/) as string,
      held: null,
      stops: [],
    });
  });

  it('sees why a partition is held, in the metrics too, until it goes on', async () => {
    const [sealed] = await sealedOnly(bjorn);
    ward.keys.away(true);
    const [position] = await ward.eventLog.publisher().publish(sealed ? [sealed] : []);
    if (position === undefined) throw new Error('no position');
    await expect
      .poll(async () => (await standing(position))?.held, { timeout: 30_000 })
      .toEqual({ code: 'KEY_VAULT_UNAVAILABLE', since: expect.any(String) as string });
    expect(await (await fetch(`${ward.url}/metrics`)).text()).toMatch(
      /materialiser_partitions_held\{.*code="KEY_VAULT_UNAVAILABLE".*\} 1/,
    );
    ward.keys.away(false);
    await caughtUp(position);
    expect(await standing(position)).toMatchObject({ held: null });
  });

  it('finds who is parked by number, and what to do, with no number in the answer', async () => {
    const position = await spoil(anna);
    await caughtUp(position);
    const answer = await order('parked/search', {
      patient: { identifier: { system: null, value: anna } },
    });
    const text = await answer.text();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(text).not.toContain(anna);
    expect(JSON.parse(text)).toEqual({
      parked: [
        {
          projection: 'measurements',
          version: 1,
          patient: await pseudonymOf(anna),
          code: 'RECORD_UNREADABLE',
          position: formatPosition(position),
          fromOffset: position.offset,
          since: expect.any(String) as string,
          rule: expect.stringContaining('wire format') as string,
          mend: expect.stringContaining('requeue') as string,
        },
      ],
      isComplete: true,
    });
    expect(await ordered('parked/search', { code: 'ROW_REFUSED' })).toMatchObject({ parked: [] });
    const [stranger] = syntheticPatients({ count: 1, seed: 9 });
    const patient = { identifier: { system: null, value: stranger?.nationalId } };
    expect(await ordered('parked/search', { patient })).toMatchObject({ parked: [] });
  });

  it('finds an event by its id: rows, gate, partitions, and what readers see of it', async () => {
    const measured = (value: number, id: string) =>
      ward.hub.measures(carla, pulse(value, { at }), id);
    const positions = [
      await measured(70, 'c1'),
      await measured(71, 'c1'),
      await measured(72, 'c2'),
      await ward.hub.takesBack(carla, 'c2'),
    ];
    await caughtUp(positions[3] ?? { topic: '', partition: 0, offset: 0 });
    const patient = { identifier: { system: null, value: carla } };
    const [newest] = ((await ordered('events/search', { patient })) as EventsFound).readModels;
    expect(newest).toMatchObject({ projection: 'measurements', version: 1, state: 'live' });
    // The newest first, and nothing of what was measured.
    expect(newest?.rows.map(({ offset }) => offset)).toEqual(
      positions.map(({ offset }) => offset).reverse(),
    );
    expect(newest?.rows[0]).toEqual({
      table: 'measurement',
      eventId: expect.any(String) as string,
      patient: await pseudonymOf(carla),
      partition: positions[3]?.partition,
      offset: positions[3]?.offset,
      keyVersion: 1,
      recordedAt: expect.any(String) as string,
    });
    const ids = (newest?.rows ?? []).map(({ eventId }) => eventId).reverse();
    const shown = await Promise.all(
      ids.map(async (eventId) => {
        const found = (await ordered('events/search', { eventId })) as EventsFound;
        expect(found.readModels).toMatchObject([
          {
            ...{ opens: true, product: measurements.name },
            rows: [{ eventId }],
            patients: [{ state: 'open', shreddedVersion: 0, since: null }],
          },
        ]);
        const at = found.readModels[0]?.partitions.map(({ topic, records }) => [topic, records]);
        expect(at).toEqual([
          [keyVault.topic, 0],
          [measurements.topic, 0],
        ]);
        return found.readModels[0]?.shown;
      }),
    );
    const by = (event: number) => ({ eventId: ids[event], position: positions[event] });
    expect(shown).toEqual([
      { state: 'superseded', by: by(1) },
      { state: 'in-force', by: null },
      { state: 'retracted', by: by(3) },
      { state: 'retraction', by: null },
    ]);
    const limited = (await ordered('events/search', { patient, limit: 2 })) as EventsFound;
    expect(limited.readModels[0]?.rows).toHaveLength(2);
  });

  it('is told of an event without a row how its patient stands', async () => {
    const eventId = '0192b1c0-0000-8000-8000-00000000000f';
    const patient = { pseudonym: await pseudonymOf(anna) };
    expect(await ordered('events/search', { eventId, patient })).toMatchObject({
      readModels: [
        { rows: [], shown: null, patients: [{ state: 'parked', reason: 'RECORD_UNREADABLE' }] },
      ],
    });
    expect(await ordered('events/search', { eventId })).toMatchObject({
      readModels: [{ rows: [], patients: [], partitions: [] }],
    });
  });

  it('lets the parked be read on, by number, by code, or all, and nobody else', async () => {
    const patients = [{ identifier: { system: null, value: bjorn } }];
    expect(await ordered('parked/requeue', { patients })).toEqual({ requeued: 0 });
    expect(await ordered('parked/requeue', { code: 'ROW_REFUSED' })).toEqual({ requeued: 0 });
    expect(await ordered('parked/requeue', { all: true })).toEqual({ requeued: 1 });
  });

  it('is told what is wrong with an order, by place, rule and mend', async () => {
    for (const [path, body, place] of [
      ['parked/requeue', {}, 'body'],
      ['parked/requeue', { all: true, code: 'ROW_REFUSED' }, 'body'],
      ['parked/search', { limit: 0 }, 'body.limit'],
      ['parked/search', { patient: { pseudonym: anna } }, 'body.patient'],
      ['events/search', {}, 'body'],
      ['events/search', { eventId: anna }, 'body.eventId'],
      ['parked/accept', { projection: 'measurements', code: 'WHAT' }, 'body.code'],
    ] as const) {
      const answer = await order(path, body);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
      const text = await answer.text();
      expect(text).not.toContain(anna);
      expect(JSON.parse(text)).toMatchObject({ problems: [{ place }] });
    }
    const unknown = await order('parked/accept', { projection: 'ledger', code: 'ROW_REFUSED' });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('name one of: measurements');
  });

  it('says by accept that it is the data', async () => {
    const accepted = { projection: 'measurements', code: 'RECORD_UNREADABLE' };
    expect(await ordered('parked/accept', accepted)).toEqual({ stopsEnded: 0 });
  });

  it('is told in full why an order about versions is not carried out', async () => {
    for (const [path, body] of [
      ['rebuilds/switch', { projection: 'measurements' }],
      ['rebuilds/roll-back', { projection: 'measurements' }],
      ['rebuilds/discard', { projection: 'measurements', version: 1 }],
    ] as const) {
      const answer = await order(path, body);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        problems: [
          {
            code: 'conflict',
            place: expect.stringMatching(/^VERSION_STATE_WRONG: measurements in /) as string,
            mend: expect.stringContaining('samspill rebuild status') as string,
          },
        ],
      });
    }
    expect((await order('rebuilds/start', { projection: 'ledger' })).status).toBe(404);
    expect(await ordered('rebuilds/status', {})).toMatchObject({
      versions: [{ projection: 'measurements', version: 1, state: 'live' }],
    });
  });

  it.each([
    ['GET', 'lag'],
    ['POST', 'events/search'],
    ['POST', 'parked/search'],
    ['POST', 'parked/requeue'],
    ['POST', 'parked/accept'],
    ['POST', 'rebuilds/status'],
    ['POST', 'rebuilds/start'],
    ['POST', 'rebuilds/switch'],
    ['POST', 'rebuilds/roll-back'],
    ['POST', 'rebuilds/discard'],
  ])('alone may %s %s', async (method, path) => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${ward.url}/operations/${path}`, { method, headers });
    expect((await ask({ 'samspill-client': 'ward-screen' })).status).toBe(403);
    expect((await ask({})).status).toBe(401);
  });

  it('has every metric of the ward in the list that dashboards are held against', async () => {
    await expect(metricListOf(ward.metrics)).toMatchFileSnapshot(metricListFile('emergency-ward'));
  });

  it('finds all of it in the metrics, where nobody is named', async () => {
    const page = await (await fetch(`${ward.url}/metrics`)).text();
    const at = (await lag()).readModels[0]?.partitions.find(({ next }) => next > 0);
    const place = { topic: at?.topic, partition: String(at?.partition), service: 'emergency-ward' };
    const group = { consumergroup: 'emergency-ward.measurements', ...place, state: 'live' };
    expect(parseSamples(page)).toEqual(
      expect.arrayContaining([
        { name: 'kafka_consumergroup_lag', labels: group, value: 0 },
        { name: 'kafka_consumergroup_group_lag_seconds', labels: group, value: 0 },
        { name: 'kafka_consumergroup_current_offset', labels: group, value: at?.next },
        { name: 'kafka_topic_partition_current_offset', labels: place, value: at?.end },
      ]),
    );
    // Requeued before, the patient catches up and may be parked again; patients are counted now and then.
    const gated = /^materialiser_gates\{.*state="(parked|catching-up)".*\} 1$/m;
    const text = async () => (await fetch(`${ward.url}/metrics`)).text();
    await expect.poll(text, { timeout: 50_000 }).toMatch(gated);
    expect(page).toContain('materialiser_partitions_held');
    expect(page).not.toContain(anna);
    expect(page).not.toContain(await pseudonymOf(anna));
  });
});
