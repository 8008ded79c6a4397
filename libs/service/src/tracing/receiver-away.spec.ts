import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterAll, expect, it, vi } from 'vitest';
import { startTracing } from './start-tracing.ts';

afterAll(() => void vi.unstubAllEnvs());

it('a receiver that breaks every connection is told once, and is no reason to end', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  let connections = 0;
  const broken = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await once(broken.listen(0, '127.0.0.1'), 'listening');
  vi.stubEnv(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    `http://127.0.0.1:${(broken.address() as AddressInfo).port}`,
  );
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '50');
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
  const tracing = await startTracing('sample-service', process.env, logger);
  const tracer = trace.getTracer('test');

  await vi.waitFor(
    () => {
      tracer.startSpan('work').end();
      expect(connections).toBeGreaterThan(5);
    },
    { timeout: 20_000 },
  );
  await tracing?.close();
  broken.close();

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/"level":40.*traces could not be sent/);
});
