import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterAll, expect, it, vi } from 'vitest';
import { startTracing } from './start-tracing.ts';

const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const silent = pino({ level: 'silent' });

afterAll(() => void vi.unstubAllEnvs());

it.each([
  ['no endpoint is set', {}],
  ['it is empty', { [endpoint]: '' }],
  ['the SDK is disabled', { [endpoint]: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }],
  ['there is no exporter', { [endpoint]: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' }],
])('nothing is traced where %s', async (_, env) => {
  expect(await startTracing('sample-service', env, silent)).toBeUndefined();
});

it.each([
  ['OTEL_TRACES_SAMPLER', 'some'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', 'many'],
  [endpoint, 'collector'],
])('a setting %s that is wrong is named', async (name, value) => {
  const env = { [endpoint]: 'http://127.0.0.1:4318', [name]: value };
  await expect(startTracing('sample-service', env, silent)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    place: expect.stringContaining(name) as string,
  });
});

it('a receiver that takes connections and never answers holds up neither work nor the end', async () => {
  const asked = Promise.withResolvers<undefined>();
  const deaf: Server = createServer(() => asked.resolve(undefined));
  await once(deaf.listen(0, '127.0.0.1'), 'listening');
  vi.stubEnv(endpoint, `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
  vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '10');
  vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '5');
  const tracing = await startTracing('sample-service', process.env, silent);

  // More than may wait: what is too much is dropped.
  const tracer = trace.getTracer('test');
  for (let n = 0; n < 1_000; n += 1) tracer.startSpan(`work ${n}`).end();
  await asked.promise;
  await tracing?.close();

  deaf.closeAllConnections();
  deaf.close();
}, 8_000);
