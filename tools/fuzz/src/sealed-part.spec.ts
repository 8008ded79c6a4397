import { measurements, type MeasurementRetracted } from '@samspill/contracts';
import type { LoggedRecord, OutgoingEvent } from '@samspill/event-log';
import { SamspillError, newPseudonym } from '@samspill/kernel';
import { openSealed, sealEvent } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { hostileBytes } from './hostile-bytes.ts';

const event = measurements.events.MeasurementRetracted;
const wire = memoryWireFormat([measurements]);
const patient = newPseudonym();
const key = { version: 3, key: Buffer.alloc(32, 7) };
const clear = {
  envelope: {
    eventId: '0190f3b1-6c1e-8abc-9def-0123456789ab',
    occurredAt: 1_767_225_600_000,
    recordedAt: 1_767_225_601_000,
    naturalKey: 'n'.repeat(43),
    contentMark: 'c'.repeat(43),
    source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'home-hub', system: null },
    correlationId: null,
    causationId: null,
  },
  measurementId: '1a2b3c4d-5e6f-8a7b-8c9d-0e1f2a3b4c5d',
  status: 'entered-in-error',
  categories: ['vital-signs'],
  municipality: '0301',
};
const content = { reason: 'wrong patient', retractsEventId: null, resource: '{"value":37.50}' };

const logged = (sent: OutgoingEvent): LoggedRecord => ({
  ...sent,
  partition: 0,
  offset: 7,
  timestampMs: 0,
});
const sealed = logged(sealEvent(wire, event, { patient, clear, content, key }));
const sealedValue = sealed.value ?? Buffer.alloc(0);

/** The event as a faulty publisher seals it: these bytes under the seal. */
function sealing(plain: Buffer): LoggedRecord {
  const { sealed: type } = event;
  if (type === undefined) throw new TypeError('a retraction is sealed');
  const faulty = { ...event, sealed: { ...type, codec: { ...type.codec, toBuffer: () => plain } } };
  return logged(sealEvent(wire, faulty, { patient, clear, content, key }));
}

/** The content, or the code of the refusal. */
function open(record: LoggedRecord, dataKey: Buffer): unknown {
  try {
    const read = wire.read(record.value ?? Buffer.alloc(0));
    if ('unknown' in read || read.event.fullName !== event.fullName) return 'ANOTHER_TYPE';
    return openSealed(wire, record, event, read.value as MeasurementRetracted, dataKey);
  } catch (error) {
    if (!(error instanceof SamspillError) || error.retriable) throw error;
    return error.code;
  }
}

beforeAll(() => wire.learn([sealedValue]));

describe('a sealed part', () => {
  it('opens only as it was sealed; anything else is refused by the catalogue', () => {
    const keys = fc.oneof(
      { weight: 30, arbitrary: fc.constant(key.key) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    );
    const cases = fc.tuple(hostileBytes([sealedValue]), keys);
    fuzz('sealed part', cases, ([value, dataKey]) => {
      const opened = open({ ...sealed, value }, dataKey);
      const untouched = value.equals(sealedValue) && dataKey.equals(key.key);
      if ((typeof opened === 'object') !== untouched) throw new Error(`opened: ${String(opened)}`);
    });
  });

  it('is bound to id, key, type and topic of its record, whatever they are', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined });
    const other = fc.record({ id: text, key: text, type: text });
    const judge = (change: object): void => {
      const opened = open({ ...sealed, ...change }, key.key);
      if (opened !== 'SEAL_BROKEN') throw new Error(`opened: ${String(opened)}`);
    };
    fuzz('record of a sealed part', other, judge, { share: 0.2 });
  });

  it('that a publisher made of anything is read as its schema says, or unreadable', () => {
    const plain = event.sealed?.codec.toBuffer(content) ?? Buffer.alloc(0);
    fuzz('content of a sealed part', hostileBytes([plain]), (bytes) => {
      const opened = open(sealing(bytes), key.key);
      if (opened !== 'RECORD_UNREADABLE' && !event.sealed?.codec.type.isValid(opened))
        throw new Error(`opened: ${String(opened)}`);
    });
  });
});
