import { Writable } from 'node:stream';
import { trace } from '@opentelemetry/api';
import { inSpan } from '@samspill/kernel';
import { recordSpans, stopRecording } from '@samspill/kernel/recorded-spans';
import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { describe, expect, it } from 'vitest';
import { nestLogging, serviceLogger } from './service-logger.ts';

const patient = '15838510075';

function logged(write: (log: ReturnType<typeof serviceLogger>) => void): string {
  let lines = '';
  const to = new Writable({
    write: (part: Buffer, _, done) => {
      lines += part.toString();
      done();
    },
  });
  write(serviceLogger('sample', 'trace', to));
  return lines;
}

it('a line within a trace has its ids, and one outside has none', async () => {
  expect(logged((log) => log.info('without'))).not.toContain('trace_id');
  const spans = recordSpans();
  let line = '';
  await inSpan(trace.getTracer('test').startSpan('work'), () => {
    line = logged((log) => log.info('within'));
    return Promise.resolve();
  });
  stopRecording();
  const { traceId, spanId } = spans()[0]?.spanContext() ?? {};
  expect(JSON.parse(line)).toMatchObject({ trace_id: traceId, span_id: spanId });
});

describe('the log of a service', () => {
  const request = { url: `/x?y=${patient}`, headers: { 'nhn-patient-nin': patient } };
  const error = new Error(`Key (id)=(${patient}) exists`);

  it('leaves requests out, also where they are bound to a line', () => {
    const lines = logged((log) => {
      log.child({ req: request }).info({ res: request }, 'bound');
      log.info({ req: request, method: 'GET' }, 'given');
    });
    expect(lines).toContain('"method":"GET"');
    expect(lines).not.toContain(patient);
  });

  it.each([
    ['alone', (log) => log.error(error)],
    ['as err', (log) => log.error({ err: error })],
    ['as err of a text', (log) => log.error({ err: error, at: 'work' }, 'failed')],
    ['as error', (log) => log.error({ error }, 'failed')],
    ['by Nest', (log) => new NestPinoLogger(new PinoLogger(nestLogging(log)), {}).error(error)],
  ] satisfies [string, (log: ReturnType<typeof serviceLogger>) => void][])(
    'tells an error without its message: %s',
    (_, write) => {
      const lines = logged(write);
      expect(lines).toMatch(/Error at .*service-logger\.spec\.ts/);
      expect(lines).not.toContain(patient);
    },
  );

  it('tells a text as it is', () => {
    expect(logged((log) => log.error({ error: 'known' }, 'failed'))).toContain('"error":"known"');
  });
});
