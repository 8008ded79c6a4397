import { dataProducts, keyVault, measurements } from '@samspill/contracts';
import { memoryEventLog, partitionOf } from '@samspill/event-log';
import { formatPosition, newPseudonym, type Pseudonym } from '@samspill/kernel';
import { memoryKeyClient } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import { publishReadings } from '@samspill/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventText } from './event-text.ts';
import { tailProduct, type Tailing } from './tail-product.ts';
import type { TailedEvent } from './tailed-event.ts';

const { topic, partitions } = measurements;
const wire = memoryWireFormat(dataProducts);
let log: ReturnType<typeof memoryEventLog>;
let keys: ReturnType<typeof memoryKeyClient>;
const ada = newPseudonym();
const bo = onAnotherPartition(ada);
beforeEach(() => {
  log = memoryEventLog({ topics: { [topic]: partitions, [keyVault.topic]: partitions } });
  keys = memoryKeyClient();
});

function onAnotherPartition(than: Pseudonym): Pseudonym {
  const other = newPseudonym();
  const isOther = partitionOf(other, partitions) !== partitionOf(than, partitions);
  return isOther ? other : onAnotherPartition(than);
}

const publish = async (patient: Pseudonym, ...values: readonly number[]) => {
  const readings = values.map((value) => ({ patient, value }));
  return publishReadings({ keys, wire, publisher: log.publisher() }, readings);
};

/** What is shown from the beginning to the end, unless told. */
async function tailed(options: Partial<Tailing> = {}): Promise<TailedEvent[]> {
  const events: TailedEvent[] = [];
  await tailProduct(
    { log, wire },
    {
      product: measurements,
      from: 'beginning',
      untilEnd: true,
      types: [],
      signal: new AbortController().signal,
      show: (event) => void events.push(event),
      ...options,
    },
  );
  return events;
}
const textOf = (events: readonly TailedEvent[]): string =>
  events.map((event) => `${eventText(event)}${JSON.stringify(event)}`).join('\n');

describe('events that are tailed', () => {
  it('name a patient by an alias of the session alone', async () => {
    await publish(ada, 1, 2);
    await publish(bo, 1);
    await publish(ada, 3);
    const events = await tailed();
    const byPatient = Map.groupBy(events, ({ patient }) => patient);
    expect([...byPatient.keys()].sort()).toEqual(['patient-1', 'patient-2']);
    expect([...byPatient.values()].map(({ length }) => length).sort()).toEqual([1, 3]);
    for (const pseudonym of [ada, bo]) expect(textOf(events)).not.toContain(pseudonym);
  });

  it('say what, when, where and from whom, and stay sealed', async () => {
    const [published] = await publish(ada, 61);
    const [event] = await tailed();
    expect(event).toMatchObject({
      type: 'MeasurementRecorded',
      eventId: published?.eventId,
      position: published && formatPosition(published.position),
      source: 'urn:samspill:310000019:measurements',
      client: 'home-hub',
      facts: { measurementId: published?.measurementId, status: 'final' },
      keyVersion: 1,
      opening: { outcome: 'sealed' },
    });
    expect(event?.time).toMatch(/^\d{4}-.*Z$/);
    const text = textOf(await tailed());
    expect(text).toContain('sealed (key version 1)');
    expect(text).not.toContain('heart-rate');
  });

  it('are opened as the key vault permits, without who the patient is', async () => {
    await publish(ada, 61);
    await publish(bo, 62);
    expect((await tailed({ keys })).map(({ opening }) => opening?.outcome)).toEqual([
      'opened',
      'opened',
    ]);
    const text = textOf(await tailed({ keys }));
    expect(text).toContain('heart-rate');
    expect(text).not.toContain('known to the writer alone');
    expect(text).not.toContain('resourceType');
  });

  it('say which are withheld, shredded, or cannot be asked for now', async () => {
    await publish(ada, 1);
    const outcome = async () => (await tailed({ keys }))[0]?.opening?.outcome;
    keys.withhold(measurements.name, ada);
    expect(await outcome()).toBe('withheld');
    expect(textOf(await tailed({ keys }))).toContain('the grant of the consumer is closed');
    keys.release(measurements.name, ada);
    keys.away(true);
    expect(await outcome()).toBe('unavailable');
    keys.away(false);
    keys.shred(measurements.name, ada);
    expect(await outcome()).toBe('shredded');
    expect(textOf(await tailed({ keys }))).toContain('the key is destroyed');
  });

  it('end where nothing at all may be opened', async () => {
    await publish(ada, 1);
    const refused = { outcome: 'unavailable', reason: 'KEY_VAULT_REFUSED: /opening-keys' } as const;
    const asOperator = { ...keys, openingKeys: () => Promise.resolve([refused]) };
    await expect(tailed({ keys: asOperator })).rejects.toMatchObject({ code: 'KEY_VAULT_REFUSED' });
  });

  it('are told of also where they cannot be read, without what they hold', async () => {
    log.append({
      topic,
      key: ada,
      id: 'x',
      type: 'a',
      source: 'b',
      value: Buffer.from('15838510075'),
    });
    log.append({ topic, key: ada, id: 'y', type: 'a', source: 'b', value: null });
    const events = await tailed({ keys });
    expect(events.map(({ problem }) => problem)).toEqual(['RECORD_UNREADABLE', 'TOMBSTONE']);
    expect(textOf(events)).not.toContain('15838510075');
  });

  it('are so many as was asked for, of the names that were asked for', async () => {
    await publish(ada, 1, 2, 3, 4);
    expect(await tailed({ limit: 3 })).toHaveLength(3);
    expect(await tailed({ types: ['MeasurementRetracted'] })).toEqual([]);
    expect(await tailed({ types: ['MeasurementRecorded'] })).toHaveLength(4);
  });
});

describe('the place from which events are tailed', () => {
  const valuesFrom = async (from: Tailing['from']) =>
    (await tailed({ from, keys })).map(({ opening }) =>
      opening?.outcome === 'opened'
        ? Number((opening.content as { value: { text: string } }).value.text)
        : undefined,
    );

  it('is a position: then of its partition alone', async () => {
    const [, second] = await publish(ada, 1, 2, 3);
    await publish(bo, 4);
    const position = second?.position ?? { topic, partition: 0, offset: 0 };
    expect(await valuesFrom({ position })).toEqual([2, 3]);
    expect(
      await tailed({ from: { position: { ...position, offset: position.offset + 2 } } }),
    ).toEqual([]);
    await expect(valuesFrom({ position: { ...position, offset: 99 } })).rejects.toThrow(
      'an offset from 0 to 3',
    );
    await expect(valuesFrom({ position: { ...position, topic: 'other' } })).rejects.toThrow(topic);
  });

  it('is the end, from where it goes on until the signal comes', async () => {
    await publish(ada, 1);
    expect(await tailed({ from: 'end' })).toEqual([]);
    const ending = new AbortController();
    const seen: string[] = [];
    const following = tailed({
      from: 'end',
      untilEnd: false,
      signal: ending.signal,
      show: ({ eventId }) => {
        seen.push(eventId ?? '');
        if (seen.length === 2) ending.abort();
      },
    });
    // It has asked for the end when it was called.
    const published = await publish(ada, 2, 3);
    await following;
    expect(seen).toEqual(published.map(({ eventId }) => eventId));
  });

  it('is a moment', async () => {
    await publish(ada, 1);
    expect(await valuesFrom({ at: new Date(Date.now() - 60_000) })).toEqual([1]);
    expect(await valuesFrom({ at: new Date(Date.now() + 60_000) })).toEqual([]);
  });
});
