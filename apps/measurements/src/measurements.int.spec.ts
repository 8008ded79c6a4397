import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { dataProducts, keyVault, measurements } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { memoryKeyClient } from '@samspill/privacy';
import { applySchemas } from '@samspill/schema-registry';
import { bootService, METRICS } from '@samspill/service';
import { metricListFile, metricListOf } from '@samspill/testing';
import pg from 'pg';
import type { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { measurementsService } from './measurements-service.ts';
import {
  ada,
  batchOf,
  bo,
  heartRate,
  subject,
  type AnsweredEntry,
  type BatchEntry,
} from './sample/open-door.ts';

// Real Kafka, registry and PostgreSQL; the key vault alone stands in memory.
let stack: LocalStack;
let dataDir: string;
let database: string;
let app: NestFastifyApplication;
let url: string;
const keys = memoryKeyClient();

const boot = () =>
  bootService(
    measurementsService(() => keys),
    {
      PORT: '0',
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      DATABASE_URL: database,
      LOG_LEVEL: 'silent',
      SAMSPILL_SESSION_TIMEOUT_MS: '10000',
    },
  );

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-measurements-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  await applySchemas({ registryUrl: stack.schemaRegistryUrl, products: dataProducts });
  await ensureTopics(stack.kafkaBrokers, dataProducts);
  database = await createDatabase(
    stack.databaseUrl,
    `measurements_${randomBytes(4).toString('hex')}`,
  );
  app = await boot();
  url = await app.getUrl();
  await ready();
});

/** It shows nothing before it knows what was closed and destroyed. */
const ready = () =>
  vi.waitFor(
    async () => {
      expect((await call('/health/ready')).status).toBe(200);
    },
    { timeout: 60_000, interval: 50 },
  );

afterAll(async () => {
  await app.close();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    ...init,
    signal: AbortSignal.timeout(30_000),
    headers: { 'samspill-client': 'home-hub', 'content-type': 'application/fhir+json', ...headers },
  });

async function post(entries: readonly BatchEntry[], headers: Record<string, string> = {}) {
  const answer = await call(
    '/',
    { method: 'POST', body: JSON.stringify(batchOf(entries)) },
    headers,
  );
  const body = (await answer.json()) as { entry: AnsweredEntry[] };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return {
    statuses: body.entry.map(({ response }) => response.status.slice(0, 3)),
    events: body.entry.map(({ response }) => response.location?.split('/').at(-1)),
    after: answer.headers.get('samspill-position') ?? '',
    headers: answer.headers,
  };
}

interface Searchset {
  readonly entry?: readonly {
    readonly resource: {
      readonly meta: { readonly versionId: string };
      readonly valueQuantity: { readonly value: number };
    };
  }[];
}

async function search(form: Record<string, string>, after: string) {
  const answer = await call(
    '/Observation/_search',
    { method: 'POST', body: new URLSearchParams(form).toString() },
    { 'content-type': 'application/x-www-form-urlencoded', 'samspill-after': after },
  );
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return { text, found: (JSON.parse(text) as Searchset).entry ?? [] };
}

const valuesOf = (found: Searchset['entry'] = []) =>
  found.map(({ resource }) => resource.valueQuantity.value);

describe('the measurements service', () => {
  it('answers a read with what the write before it published, every decimal included', async () => {
    const body = JSON.stringify(batchOf([{ resource: heartRate(1, {}, 'decimals') }]));
    const answer = await call('/', {
      method: 'POST',
      body: body.replace('"value":1,', '"value":85.0000000001,'),
    });
    const after = answer.headers.get('samspill-position') ?? '';
    const { text } = await search({ 'patient.identifier': ada, code: '8867-4' }, after);
    expect(text).toContain('"value":85.0000000001');
  });

  it('holds one event for what is sent three times, also by a service that was started anew and by many callers at once', async () => {
    const callers = Array.from({ length: 20 }, (_, at) => heartRate(200 + at, {}, `thrice-${at}`));
    const postAll = () => Promise.all(callers.map((resource) => post([{ resource }])));
    const first = await postAll();
    const second = await postAll();
    await app.close();
    app = await boot();
    url = await app.getUrl();
    await ready();
    const third = await postAll();
    const statuses = [first, second, third].map((answers) => answers.map((one) => one.statuses[0]));
    expect(statuses).toEqual(['201', '200', '200'].map((status) => callers.map(() => status)));
    const events = [first, second, third].map((answers) => answers.map((one) => one.events[0]));
    expect(events).toEqual([events[0], events[0], events[0]]);
    expect(new Set(events[0]).size).toBe(callers.length);
    expect(third.map(({ after }) => after)).toEqual(first.map(({ after }) => after));
  });

  it('shows 85 after 85, 86 and 85 again, by the source times that its read model holds', async () => {
    const at = (hour: number, value: number) => ({
      method: 'PUT' as const,
      resource: heartRate(value, { meta: { lastUpdated: `2024-02-01T0${hour}:00:00Z` } }, 'again'),
    });
    const versions = [await post([at(1, 85)]), await post([at(2, 86)])];
    // What the process remembers goes, so that the source time of 86 is found in the read model alone.
    await app.close();
    app = await boot();
    url = await app.getUrl();
    await ready();
    expect((await post([at(1, 85)])).events).toEqual(versions[1]?.events);
    const last = await post([at(3, 85)]);
    const { found } = await search({ 'patient.identifier': ada }, last.after);
    const shown = found.filter(({ resource }) => resource.meta.versionId === last.events[0]);
    expect(valuesOf(shown)).toEqual([85]);
    const history = await query<{ count: number }>(
      `SELECT count(*)::int AS count FROM measurements.held_event h
        WHERE natural_key = (SELECT natural_key FROM measurements.held_event WHERE event_id = $1)`,
      [last.events[0]],
    );
    expect(history[0]?.count).toBe(3);
  });

  it('leaves nothing with the first patient when a value was another one’s', async () => {
    const own = (number: string) => [
      { resource: heartRate(99.5, { subject: subject(number) }, 'moved') },
    ];
    await post(own(ada));
    const moved = await post(own(bo));
    expect(moved.statuses).toEqual(['200']);
    const ofAda = await search({ 'patient.identifier': ada }, moved.after);
    const ofBo = await search({ 'patient.identifier': bo }, moved.after);
    expect(valuesOf(ofAda.found)).not.toContain(99.5);
    expect(valuesOf(ofBo.found)).toContain(99.5);
    expect(ofAda.text).not.toContain(bo);
  });

  it('hides what was taken back, and the original that comes late', async () => {
    const taken = await post([{ resource: heartRate(71, { status: 'entered-in-error' }, 'late') }]);
    const late = await post([{ resource: heartRate(71, {}, 'late') }]);
    expect([taken.statuses, late.statuses]).toEqual([['200'], ['200']]);
    const { found } = await search({ 'patient.identifier': ada }, late.after);
    expect(valuesOf(found)).not.toContain(71);
  });

  it('takes 1,000 entries in one call', async () => {
    const entries = [...Array(1000).keys()].map((at) => ({
      resource: heartRate(60 + (at % 40), {}, `many-${at}`),
    }));
    const first = await post(entries);
    expect(new Set(first.statuses)).toEqual(new Set(['201']));
    const again = await post(entries);
    expect(new Set(again.statuses)).toEqual(new Set(['200']));
    expect(again.events).toEqual(first.events);
  });

  it.each<[Record<string, string>, number]>([
    [{ 'nhn-patient-nin': ada, 'person-id': bo }, 400],
    [{ 'nhn-event-id': `trace-${ada}` }, 400],
    [{ 'content-type': 'application/fhir+xml' }, 415],
    [{ 'samspill-client': 'nobody' }, 401],
    [{ 'samspill-client': 'ward-screen' }, 403],
  ])(
    'refuses a call with %o by %i and an OperationOutcome without the patient',
    async (headers, status) => {
      const answer = await call(
        '/',
        { method: 'POST', body: JSON.stringify(batchOf([{ resource: heartRate(85) }])) },
        headers,
      );
      const text = await answer.text();
      expect(answer.status, text).toBe(status);
      expect(JSON.parse(text)).toMatchObject({ resourceType: 'OperationOutcome' });
      expect(text).not.toContain(ada);
    },
  );

  it('refuses more than 5 MiB, a search by GET and a number in the URL', async () => {
    const large = await call('/', { method: 'POST', body: ' '.repeat(5 * 1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    expect(await large.text()).toContain('5 MiB');
    const get = await call('/Observation');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await call(`/Observation?patient=${ada}`)).status).toBe(400);
  });

  it('tells its limits and its identity mode, and echoes the trace id', async () => {
    const answer = await call('/metadata', {}, { 'nhn-event-id': 'trace-7' });
    const text = await answer.text();
    expect(text).toContain('1000 entries');
    expect(text).toContain('Identity mode: lenient');
    expect(answer.headers.get('nhn-event-id')).toBe('trace-7');
  });

  it('counts entries by outcome', async () => {
    const page = await (await call('/metrics')).text();
    expect(page).toMatch(/measurements_entries_total\{[^}]*outcome="recorded"[^}]*\} [1-9]/);
    expect(page).not.toContain(ada);
  });

  it('has every metric in the list that dashboards are held against', async () => {
    const list = metricListOf(app.get<Registry>(METRICS));
    await expect(list).toMatchFileSnapshot(metricListFile('measurements'));
  });

  it('reads its ledger from clear fields alone: a closed grant takes nothing away', async () => {
    const [entry] = [{ resource: heartRate(85, { subject: subject('15838510083') }, 'withheld') }];
    const first = await post([entry]);
    const [patient] =
      (await keys.pseudonyms([{ system: null, value: '15838510083' }], 'find'))[0] ?? [];
    if (patient === undefined) throw new Error('the patient has a pseudonym');
    keys.withhold(measurements.name, patient);
    expect((await post([entry])).events).toEqual(first.events);
  });

  it('names both topics that the ledger follows', async () => {
    const rows = await query<{ topic: string }>(
      `SELECT DISTINCT topic FROM measurements.projection_offset WHERE projection = 'ledger' ORDER BY 1`,
      [],
    );
    expect(rows.map(({ topic }) => topic)).toEqual([keyVault.topic, measurements.topic]);
  });
});

async function query<Row extends pg.QueryResultRow>(
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
