import { keyVault, measurements } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import { SamspillError, newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { decodeBatch } from './decode-batch.ts';
import { newEventId, recorded, wire } from './sample/events.ts';

const anna = newPseudonym();
const event = recorded(anna, { version: 3, key: Buffer.alloc(32, 1) });
const record: LoggedRecord = { ...event, partition: 0, offset: 7, timestampMs: 0 };
/** The event as a faulty publisher frames it. */
const keyedBy = (version: number) =>
  recorded(anna, { version, key: Buffer.alloc(32, 1) }, { id: event.id }).value;
const decode = async (changes: Partial<LoggedRecord>) => {
  const [one] = await decodeBatch(wire, [{ ...record, ...changes }]);
  return one;
};

describe('decoding a record', () => {
  it('gives the event, its patient and the version of its key', async () => {
    expect(await decode({})).toMatchObject({
      kind: 'event',
      patient: anna,
      id: event.id,
      keyVersion: 3,
      type: { fullName: measurements.events.MeasurementRecorded.fullName },
    });
  });

  it('ignores a tombstone', async () => {
    expect(await decode({ value: null })).toMatchObject({ kind: 'ignored' });
  });

  it('ignores a type of another product', async () => {
    const narrow: typeof wire = { ...wire, read: () => ({ unknown: 'samspill.other.Event' }) };
    const [one] = await decodeBatch(narrow, [record]);
    expect(one).toMatchObject({ kind: 'ignored' });
  });

  it('never skips an order to stop: a wire format without the patient state is a fault', async () => {
    const { fullName } = keyVault.events.GrantClosed;
    const narrow: typeof wire = { ...wire, read: () => ({ unknown: fullName }) };
    await expect(decodeBatch(narrow, [record])).rejects.toThrow(/opened with .*patient-state/);
  });

  it.each<[string, Partial<LoggedRecord>]>([
    ['bytes that are no value', { value: Buffer.from('{}') }],
    ['a value that is cut', { value: event.value.subarray(0, 60) }],
    ['a header with another event id', { id: newEventId() }],
    ['no event id', { id: undefined }],
    ['a header with another type', { type: 'samspill.measurements.MeasurementRetracted' }],
    ['a key version that no vault gives', { value: keyedBy(0) }],
    ['a key version below all', { value: keyedBy(-7) }],
    ['another topic than the one of its type', { topic: 'other.topic.v1' }],
  ])('rejects %s, and says whose it is', async (_, changes) => {
    expect(await decode(changes)).toMatchObject({
      kind: 'rejected',
      patient: anna,
      code: 'RECORD_UNREADABLE',
      record: { offset: 7 },
    });
  });

  it.each([[undefined], ['15838510075']])(
    'rejects a record with the key %s for nobody',
    async (key) => {
      expect(await decode({ key })).toMatchObject({ kind: 'rejected', patient: undefined });
    },
  );

  it('knows nothing of a batch while the registry is away', async () => {
    const away = new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE');
    const lame: typeof wire = { ...wire, learn: () => Promise.reject(away) };
    await expect(decodeBatch(lame, [record])).rejects.toBe(away);
  });
});
