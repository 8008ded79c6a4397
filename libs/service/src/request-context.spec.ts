import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outsideRequests } from './request-context.ts';
import { watchRequests } from './request-log.ts';
import { serviceLogger } from './service-logger.ts';

interface Line {
  readonly msg: string;
  readonly correlationId?: string;
}

let lines: Line[];
let server: FastifyInstance;
let url: string;

beforeEach(async () => {
  lines = [];
  const to = new Writable({
    write: (line: Buffer, _, done) => {
      lines.push(JSON.parse(line.toString()) as Line);
      done();
    },
  });
  const logger = serviceLogger('sample', 'info', to);
  const eventLog = outsideRequests(logger);
  server = fastify();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  watchRequests(server, logger);
  server.all('/work/:step', async ({ params }) => {
    await setImmediate();
    const { step } = params as { step: string };
    logger.child({ step }).info(`works on ${step}`);
    eventLog.info({}, 'broker away');
    return 'done';
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => server.close());

const call = (step: string, init: RequestInit) =>
  fetch(`${url}/work/${step}`, { ...init, headers: { 'nhn-event-id': `id-of-${step}` } });

const idsOf = (text: string) =>
  lines.filter(({ msg }) => msg.startsWith(text)).map(({ correlationId }) => correlationId);

describe('a log line', () => {
  it.each(['GET', 'POST'])('of a %s request has the id of that request', async (method) => {
    const steps = ['1', '2', '3'];
    const body = method === 'GET' ? null : 'x'.repeat(200_000);
    await Promise.all(steps.map((step) => call(step, { method, body })));
    for (const step of steps) {
      expect(idsOf(`works on ${step}`)).toEqual([`id-of-${step}`]);
    }
    await expect.poll(() => idsOf('request').sort()).toEqual(['id-of-1', 'id-of-2', 'id-of-3']);
  });

  it('of what works for many requests names none', async () => {
    await call('1', { method: 'POST', body: 'x' });
    expect(idsOf('broker away')).toEqual([undefined]);
  });
});
