import type { LoggedRecord } from '@samspill/event-log';
import { newPseudonym } from '@samspill/kernel';
import { recordSpans, stopRecording } from '@samspill/kernel/recorded-spans';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inDatabaseSpan, operationOf } from './database-span.ts';
import type { WorkedPartition } from './owned-partitions.ts';
import { inProcessSpan } from './process-span.ts';
import { Turn } from './turn.ts';

const topic = 'sample.record.v1';
const group = 'ward.readings';

const partition = (heldFor?: WorkedPartition['heldFor']): WorkedPartition => ({
  ...{ topic, partition: 2, next: 10, ownerEpoch: 1, last: undefined, heldFor },
  ...{ isUncertain: false, gateChanges: 0, isWritten: false, isLost: false, turn: new Turn() },
});

const key = newPseudonym();
const record = (offset: number, traceparent?: string): LoggedRecord => ({
  ...{ topic, partition: 2, offset, key, timestampMs: 0, value: null, traceparent },
  ...{ id: undefined, type: undefined, source: undefined },
});
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const traceOf = (n: number): string => `00-${hex(n, 32)}-${hex(n, 16)}-01`;

const written = () => Promise.resolve('written' as const);

it('without tracing no record is looked at', async () => {
  const untouched = new Proxy([record(10)], {
    get: () => {
      throw new Error('a record was looked at');
    },
  });
  expect(await inProcessSpan(group, partition(), untouched, written)).toBe('written');
});

describe('with tracing', () => {
  let spans: ReturnType<typeof recordSpans>;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(stopRecording);

  const spanOf = async (
    records: readonly LoggedRecord[],
    work: () => Promise<'written' | 'again'> = written,
    of = partition(),
  ) => {
    await inProcessSpan(group, of, records, work);
    const all = spans();
    return { span: all.at(-1), within: all.slice(0, -1) };
  };

  it('a chunk is one span that links once to each trace of its records', async () => {
    const records = [record(10, traceOf(1)), record(11), record(12, traceOf(2))];
    const { span } = await spanOf([...records, record(13, traceOf(1))]);
    expect(span).toMatchObject({
      name: `process ${topic}`,
      kind: 4,
      parentSpanContext: undefined,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': '2',
        'messaging.consumer.group.name': group,
        'messaging.batch.message_count': 4,
      },
    });
    expect(span?.links.map(({ context }) => context.traceId)).toEqual([hex(1, 32), hex(2, 32)]);
  });

  it('a chunk of one trace alone is told within that trace', async () => {
    const { span } = await spanOf([record(10, traceOf(7)), record(11, traceOf(7))]);
    expect(span?.parentSpanContext).toMatchObject({ traceId: hex(7, 32), spanId: hex(7, 16) });
    expect(span?.links).toHaveLength(1);
  });

  it('of very many traces 128 are linked, and the span says how many are not', async () => {
    const { span } = await spanOf(
      Array.from({ length: 1_000 }, (_, n) => record(n, traceOf(n + 1))),
    );
    expect([span?.links.length, span?.droppedLinksCount]).toEqual([128, 872]);
  });

  it('a header that names no trace is no link', async () => {
    const { span } = await spanOf([record(10, 'nonsense')]);
    expect([span?.links, span?.parentSpanContext]).toEqual([[], undefined]);
  });

  it('a chunk that is held is a failed span with the code', async () => {
    const held = partition('KEY_VAULT_UNAVAILABLE');
    const { span } = await spanOf([record(10)], () => Promise.resolve('again'), held);
    expect(span?.attributes['error.type']).toBe('KEY_VAULT_UNAVAILABLE');
    expect(span?.status.code).toBe(2);
  });

  it('work of the database is told within, by kind and without its statement', async () => {
    const statement = operationOf('select value from reading where patient = 17');
    const { span, within } = await spanOf([record(10)], () => inDatabaseSpan(statement, written));
    expect(within).toMatchObject([
      { name: 'SELECT', parentSpanContext: { spanId: span?.spanContext().spanId } },
    ]);
    expect(JSON.stringify(within[0]?.attributes)).not.toMatch(/reading|17/);
  });

  it('work of the database outside of a trace makes none', async () => {
    await inDatabaseSpan('SELECT', written);
    expect(spans()).toEqual([]);
  });

  it('no span holds a key', async () => {
    const { span } = await spanOf([record(10, traceOf(1))]);
    expect(JSON.stringify([span?.name, span?.attributes, span?.links])).not.toContain(key);
  });
});
