import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { inSpan } from '@samspill/kernel';
import { recordSpans, stopRecording } from '@samspill/kernel/recorded-spans';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpVaultRequest, type VaultRequest } from './vault-request.ts';

const number = '15838510075';

let seen: IncomingHttpHeaders = {};
let status = 200;
const server = createServer((request, response) => {
  seen = request.headers;
  request.resume().on('end', () => response.writeHead(status).end('{}'));
});
let call: VaultRequest;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  call = httpVaultRequest({ url, clientId: 'ward', timeoutMs: 5_000 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = () => call('/pseudonyms', { identifiers: [number] }, z.unknown());

it('without tracing the vault is told of no trace', async () => {
  await ask();
  expect(seen['traceparent']).toBeUndefined();
});

describe('with tracing', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(stopRecording);

  it('the vault is told of the call, which is a span without what was asked', async () => {
    await inSpan(trace.getTracer('test').startSpan('caller'), ask);
    const [span, caller] = spans();
    expect(span).toMatchObject({
      name: 'POST /pseudonyms',
      kind: 2,
      parentSpanContext: { spanId: caller?.spanContext().spanId },
      attributes: { 'url.template': '/pseudonyms', 'http.response.status_code': 200 },
    });
    const { traceId, spanId } = span?.spanContext() ?? {};
    expect(seen['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
    expect(JSON.stringify([span?.name, span?.attributes])).not.toContain(number);
  });

  it('a refusal is a failed span with status and code', async () => {
    status = 422;
    await inSpan(trace.getTracer('test').startSpan('caller'), ask).catch(() => undefined);
    expect(spans()[0]).toMatchObject({
      status: { code: 2 },
      attributes: { 'http.response.status_code': 422, 'error.type': 'KEY_VAULT_REFUSED' },
    });
  });
});
