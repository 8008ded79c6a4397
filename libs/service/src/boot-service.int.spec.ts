import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { newPseudonym, SamspillError } from '@samspill/kernel';
import { createDatabase, startLocalStack, type LocalStack } from '@samspill/local-stack';
import { applySchemas } from '@samspill/schema-registry';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bootService } from './boot-service.ts';
import { CallerOf, RequireScope, type Caller } from './caller.ts';
import type { ReadyAnswer } from './health/health.controller.ts';

const patient = '15838510075';
const held = newPseudonym();

@Controller('sample')
class SampleController {
  @Get()
  @RequireScope('samspill:measurements/read')
  whoCalls(@CallerOf() caller: Caller): { clientId: string } {
    return { clientId: caller.clientId };
  }

  @Post('fails')
  @HttpCode(200)
  @RequireScope('samspill:measurements/read')
  fails(@Body() body: Buffer): never {
    if (body.length === 0) throw new SamspillError('EVENT_LOG_OVERLOADED');
    throw new Error(`cannot work with ${body.toString()}`);
  }

  @Get('unmarked')
  unmarked(): string {
    return 'nobody may call a route that names no scope';
  }
}

let dataDir: string;
let stack: LocalStack;
let app: NestFastifyApplication;
let url: string;
let sampleUp = true;
let collections = 0;

beforeAll(async () => {
  vi.stubGlobal('gc', () => (collections += 1));
  dataDir = await mkdtemp(join(tmpdir(), 'samspill-service-'));
  stack = await startLocalStack({ dataDir, ports: 'free' });
  await applySchemas({ registryUrl: stack.schemaRegistryUrl, products: dataProducts });
  await ensureTopics(stack.kafkaBrokers, dataProducts);
  app = await bootService(
    {
      name: 'sample-service',
      port: 0,
      refusals: 'fhir',
      migrations: [],
      bodyLimitBytes: 1024,
      open: () => ({
        controllers: [SampleController],
        providers: [],
        caches: {
          keys: {
            caches: [{ name: 'full', holds: (one) => one === held }],
            evict: () => undefined,
          },
          products: [],
          own: [{ name: 'empty', holds: () => false, forgetContent: () => undefined }],
        },
        ready: {
          sample: {
            look: () => (sampleUp ? Promise.resolve() : Promise.reject(new Error('away'))),
            code: 'KEY_VAULT_UNAVAILABLE',
          },
        },
      }),
    },
    {
      KAFKA_BROKERS: stack.kafkaBrokers.join(','),
      SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
      DATABASE_URL: await createDatabase(stack.databaseUrl, 'sample_service'),
      LOG_LEVEL: 'silent',
    },
  );
  url = await app.getUrl();
});

afterAll(async () => {
  await app.close();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const asHub = { 'samspill-client': 'home-hub' };

async function outcome(answer: Response): Promise<{ code: string; text: string; all: string }> {
  const all = await answer.text();
  const body = JSON.parse(all) as { issue: { code: string; details: { text: string } }[] };
  return { code: body.issue[0]?.code ?? '', text: body.issue[0]?.details.text ?? '', all };
}

it('gives back the memory that its start took, once', () => {
  expect(collections).toBe(1);
});

it('a known client with the scope is let through, and the trace id comes back', async () => {
  const answer = await fetch(`${url}/sample`, { headers: { ...asHub, 'nhn-event-id': 'trace-7' } });
  expect([answer.status, answer.headers.get('nhn-event-id')]).toEqual([200, 'trace-7']);
  expect(await answer.json()).toEqual({ clientId: 'home-hub' });
});

it.each([
  ['no client', {}, 401],
  ['an unknown client', { 'samspill-client': 'nobody' }, 401],
  ['a client without the scope', { 'samspill-client': 'operator' }, 403],
])('%s is refused', async (_, headers, status) => {
  expect((await fetch(`${url}/sample`, { headers })).status).toBe(status);
});

it('a route that names no scope is closed to all', async () => {
  expect((await fetch(`${url}/sample/unmarked`, { headers: asHub })).status).toBe(403);
});

it('operators alone list the caches of the process and search them for a pseudonym', async () => {
  const search = async (client: string, body: object) =>
    fetch(`${url}/operations/caches/search`, {
      method: 'POST',
      headers: { 'samspill-client': client, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const found = await search('operator', { patient: { pseudonym: held } });
  expect([found.status, await found.json()]).toEqual([
    200,
    [
      { cache: 'full', holds: true },
      { cache: 'empty', holds: false },
    ],
  ]);
  expect((await search('home-hub', { patient: { pseudonym: held } })).status).toBe(403);
  const byNumber = await search('operator', { patient: { identifier: patient } });
  expect(byNumber.status).toBe(400);
  expect(await byNumber.text()).not.toContain(patient);
});

it('a national number in the URL is refused and not repeated', async () => {
  for (const path of [
    `/sample?patient=${patient}`,
    `/sample/${patient}`,
    `/sample?p=%31${patient.slice(1)}`,
  ]) {
    const answer = await fetch(url + path, { headers: asHub });
    const { code, all } = await outcome(answer);
    expect([answer.status, code]).toEqual([400, 'security']);
    expect(all).not.toContain(patient);
  }
});

it('an unexpected error tells nothing of what was sent', async () => {
  const answer = await fetch(`${url}/sample/fails`, {
    method: 'POST',
    headers: asHub,
    body: patient,
  });
  const { code, all } = await outcome(answer);
  expect([answer.status, code]).toEqual([500, 'exception']);
  expect(all).not.toMatch(/cannot work|\d{11}|at /);
});

it('what may pass by itself is 503 with Retry-After', async () => {
  const answer = await fetch(`${url}/sample/fails`, {
    method: 'POST',
    headers: { ...asHub, 'content-type': 'text/plain' },
    body: '',
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
});

it('a body over the limit is 413 and an unknown path 404, both with an OperationOutcome', async () => {
  const large = await fetch(`${url}/sample/fails`, {
    method: 'POST',
    headers: asHub,
    body: 'x'.repeat(2000),
  });
  expect([large.status, (await outcome(large)).code]).toEqual([413, 'too-long']);
  const huge = await fetch(`${url}/sample/fails`, {
    method: 'POST',
    headers: asHub,
    body: 'x'.repeat(8 * 1024 * 1024),
  });
  expect([huge.status, (await outcome(huge)).text]).toEqual([413, 'a body has at most 1 KiB']);
  const unknown = await fetch(`${url}/nowhere`, { headers: asHub });
  expect([unknown.status, (await outcome(unknown)).code]).toEqual([404, 'not-found']);
});

it('health tells whether it lives and whether it can answer', async () => {
  const ready = async () => {
    const answer = await fetch(`${url}/health/ready`);
    return { status: answer.status, body: (await answer.json()) as ReadyAnswer };
  };
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect(await ready()).toMatchObject({ status: 200, body: { status: 'up' } });
  sampleUp = false;
  const away = await vi.waitFor(
    async () => {
      const answer = await ready();
      expect(answer.status).toBe(503);
      return answer.body;
    },
    { timeout: 10_000 },
  );
  // And the metrics say the same.
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    /^service_part_up\{part="sample".*\} 0$/m,
  );
  sampleUp = true;
  expect(away).toEqual({
    status: 'down',
    parts: {
      database: { status: 'up', forSeconds: expect.any(Number) as number },
      sample: { status: 'down', code: 'KEY_VAULT_UNAVAILABLE', forSeconds: 0 },
    },
  });
});

it('metrics count requests by route pattern', async () => {
  await fetch(`${url}/sample`, { headers: asHub });
  const page = await (await fetch(`${url}/metrics`)).text();
  expect(page).toMatch(/http_server_request_duration_seconds_count\{.*route="\/sample".*\} \d+/);
});
