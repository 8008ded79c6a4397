import { dataProducts, keyVault, measurements, type Envelope } from '@samspill/contracts';
import type { EventPublisher, OutgoingEvent } from '@samspill/event-log';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { clearEvent, memoryKeyClient, type MemoryKeyClient } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import { publishReadings } from '@samspill/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { followedTables } from './followed-tables.ts';
import { patientStatesOf } from './patient-state.ts';
import type { ReadRecord } from './read-topic.ts';
import { replay } from './replay.ts';

const product = measurements.name;
const wire = memoryWireFormat(dataProducts);
const anna = newPseudonym();
const bea = newPseudonym();

/** An event as it is read from the first partition, where it lies at this offset. */
const readAt = (event: OutgoingEvent, offset: number): ReadRecord => {
  const { topic, key, id: eventId, type, source, value } = event;
  return { topic, partition: 0, offset, key, eventId, type, source, value };
};

describe('a replay of measurements', () => {
  let keys: MemoryKeyClient;
  let records: ReadRecord[];
  beforeEach(async () => {
    keys = memoryKeyClient();
    records = [];
    const publisher: EventPublisher = {
      publish: (events) => {
        records.push(...events.map(readAt));
        return Promise.resolve(records);
      },
      close: () => Promise.resolve(),
    };
    await publishReadings({ keys, wire, publisher }, [
      { patient: anna, value: 1 },
      { patient: bea, value: 1 },
      { patient: anna, value: 2 },
    ]);
  });

  it('tells the value of each event, and the rows that a read model must hold', async () => {
    const events = await replay({ wire, keys, product }, records);
    expect(events.map(({ seen }) => [seen.key, seen.n, seen.unopened])).toEqual([
      [anna, 1, undefined],
      [bea, 1, undefined],
      [anna, 2, undefined],
    ]);
    for (const { expected } of followedTables) {
      const rows = expected(events, new Map());
      expect(rows.map(({ eventId, offset }) => [eventId, offset])).toEqual(
        records.map(({ eventId, offset }) => [eventId, offset]),
      );
      expect(new Set(rows.map(({ digest }) => digest)).size).toBe(3);
    }
  });

  it('leaves out what a destroyed key sealed, and the ledger marks it', async () => {
    keys.shred(product, bea);
    const events = await replay({ wire, keys, product }, records);
    expect(events.map(({ seen }) => seen.unopened)).toEqual([undefined, 'shredded', undefined]);
    const shredded = new Map<string, number>([[bea, 1]]);
    const counts = followedTables.map(({ projection, expected }) => [
      projection,
      expected(events, shredded).length,
    ]);
    expect(counts).toEqual([
      ['measurements', 2],
      ['measurements', 2],
      ['ledger', 3],
    ]);
    const ledger = followedTables.find(({ projection }) => projection === 'ledger');
    const digests = (versions: typeof shredded) =>
      ledger?.expected(events, versions).map(({ digest }) => digest) ?? [];
    const [, before] = digests(new Map());
    const [, after] = digests(shredded);
    expect(after).not.toBe(before);
  });

  it('tells of what cannot be opened why', async () => {
    keys.withhold(product, anna);
    const events = await replay({ wire, keys, product }, records);
    expect(events.map(({ seen }) => seen.unopened)).toEqual(['withheld', undefined, 'withheld']);
  });
});

describe('the patient states', () => {
  const envelope: Envelope = {
    eventId: 'a fact',
    occurredAt: 0,
    recordedAt: 0,
    naturalKey: 'a key',
    contentMark: 'a mark',
    source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'key-vault', system: null },
    correlationId: null,
    causationId: null,
  };
  const facts: ReadRecord[] = [];
  const say = (event: OutgoingEvent): void => void facts.push(readAt(event, facts.length));
  const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;
  const grant = { envelope, consumer: 'emergency-ward', product };

  it('say whose grant is closed in the end, and the highest destroyed version', async () => {
    const cause = 'order';
    const opened = (patient: Pseudonym): void =>
      say(clearEvent(wire, GrantOpened, { patient, clear: grant }));
    const closed = (patient: Pseudonym, of = product): void =>
      say(clearEvent(wire, GrantClosed, { patient, clear: { ...grant, product: of, cause } }));
    const destroyed = (patient: Pseudonym, keyVersion: number): void =>
      say(
        clearEvent(wire, KeyShredded, { patient, clear: { envelope, product, keyVersion, cause } }),
      );
    opened(anna);
    closed(anna);
    closed(bea);
    opened(bea);
    closed(bea, 'of another product');
    destroyed(bea, 2);
    destroyed(bea, 1);
    const states = await patientStatesOf(wire, product, facts);
    expect(states.closed.get('emergency-ward')).toEqual(new Set([anna]));
    expect(states.shredded).toEqual(new Map([[bea, 2]]));
  });
});
