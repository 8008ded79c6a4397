import { measurements } from '@samspill/contracts';
import type { ReceivedSpan } from '@samspill/service/span-receiver';
import {
  bundleOf,
  heartRate,
  homeHub,
  positionOf,
  syntheticPatients,
  until,
  wardScreen,
} from '@samspill/testing';
import { beforeAll, expect, inject, it } from 'vitest';
import { readLog, type RawRecord } from './read-log.ts';

const mesh = inject('mesh');
const [{ nationalId } = { nationalId: '' }] = syntheticPatients({ seed: 'traces', count: 1 });
const [traceId, callerId] = ['c0ffee'.padEnd(32, 'a'), 'f00d'.padEnd(16, 'b')];
const traceparent = `00-${traceId}-${callerId}-01`;

let spans: readonly ReceivedSpan[];
let logged: RawRecord;

const isProcessing = ({ name, links }: ReceivedSpan): boolean =>
  name.startsWith('process ') && links.some((link) => link.traceId === traceId);

beforeAll(async () => {
  const bundle = bundleOf([heartRate({ nationalId, id: 'traced', value: '72' })]);
  const sent = await homeHub(mesh.urls.measurements).post(bundle, { traceparent });
  const location = sent.body.entry?.[0]?.response.location;
  const records = await readLog(mesh.brokers, measurements.topic);
  const record = records.find(({ id }) => location?.endsWith(id));
  if (record === undefined) throw new Error('the event is not on the log');
  logged = record;
  await wardScreen(mesh.urls['emergency-ward']).overview(nationalId, positionOf(sent));
  // The intake's ledger and rows, and the rows of the ward.
  spans = await until(
    'the spans of all who worked on it',
    20_000,
    async () => (await (await fetch(mesh.spans)).json()) as ReceivedSpan[],
    (all) =>
      all.filter(isProcessing).length >= 3 && all.some((one) => one.parentSpanId === callerId),
  );
});

const only = (matches: (span: ReceivedSpan) => boolean): ReceivedSpan => {
  const [span, ...more] = spans.filter(matches);
  if (span === undefined) throw new Error(`no such span: ${matches.toString()}`);
  expect(more).toEqual([]);
  return span;
};

const theRequest = () => only(({ parentSpanId }) => parentSpanId === callerId);
const thePublishing = () => only((one) => one.traceId === traceId && one.kind === 'PRODUCER');

it('the request is a span within the trace of its caller, by route', () => {
  const request = theRequest();
  expect(request).toMatchObject({
    service: 'measurements',
    name: 'POST /',
    kind: 'SERVER',
    traceId,
  });
});

it('the questions to the key vault are spans of both ends', () => {
  const request = theRequest();
  const asked = spans.filter(
    ({ kind, parentSpanId }) => kind === 'CLIENT' && parentSpanId === request.spanId,
  );
  const answered = asked.flatMap(({ spanId, name }) =>
    spans.some((one) => one.service === 'key-vault' && one.parentSpanId === spanId) ? [name] : [],
  );
  expect(answered).toContain('POST /sealing-keys');
});

it('the publishing is one span within the request, and the record on the log names it', () => {
  const request = theRequest();
  const send = thePublishing();
  expect(send).toMatchObject({
    name: `send ${measurements.topic}`,
    parentSpanId: request.spanId,
    attributes: { 'messaging.batch.message_count': 1 },
  });
  expect(logged.headers['traceparent']).toBe(`00-${traceId}-${send.spanId}-01`);
});

it('each read model tells of its batch in one span that links to the publishing', () => {
  const send = thePublishing();
  const processing = spans.filter(isProcessing);
  const groups = processing.map((one) => one.attributes['messaging.consumer.group.name']);
  expect(groups.sort()).toEqual([
    'emergency-ward.measurements',
    'measurements.ledger',
    'measurements.measurements',
  ]);
  for (const one of processing) {
    expect(one).toMatchObject({ name: `process ${measurements.topic}`, kind: 'CONSUMER' });
    expect(one.links).toContainEqual({ traceId, spanId: send.spanId });
    const children = spans.filter(({ parentSpanId }) => parentSpanId === one.spanId);
    expect(children.map(({ name }) => name)).toContain('transaction');
  }
});

it('nothing that was sent of it names the patient', async () => {
  const all = await (await fetch(`${mesh.spans}/sent`)).text();
  expect(all).toContain(traceId);
  expect(all).not.toContain(logged.key);
  expect(all).not.toContain(nationalId);
});
