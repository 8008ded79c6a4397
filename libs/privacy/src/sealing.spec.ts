import { createHash, randomBytes } from 'node:crypto';
import { measurements, keyVault, type MeasurementCorrected } from '@samspill/contracts';
import type { LoggedRecord, OutgoingEvent } from '@samspill/event-log';
import { SamspillError, newPseudonym } from '@samspill/kernel';
import { memoryWireFormat } from '@samspill/schema-registry';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { additionalData } from './sealed-layout.ts';
import { clearEvent, openSealed, sealEvent } from './sealing.ts';

const event = measurements.events.MeasurementRetracted;
const wire = memoryWireFormat([measurements, keyVault]);
const patient = newPseudonym();
const key = { version: 3, key: randomBytes(32) };
const envelope = {
  eventId: '0190f3b1-6c1e-8abc-9def-0123456789ab',
  occurredAt: 1_767_225_600_000,
  recordedAt: 1_767_225_601_000,
  naturalKey: 'n'.repeat(43),
  contentMark: 'c'.repeat(43),
  source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'home-hub', system: null },
  correlationId: null,
  causationId: null,
};
const clear = {
  envelope,
  measurementId: '1a2b3c4d-5e6f-8a7b-8c9d-0e1f2a3b4c5d',
  status: 'entered-in-error',
  categories: ['vital-signs'],
  municipality: '0301',
};
const content = { reason: 'wrong patient', retractsEventId: null, resource: '{"value":37.50}' };

const logged = (sent: OutgoingEvent): LoggedRecord => ({
  ...sent,
  key: sent.key,
  partition: 0,
  offset: 7,
  timestampMs: 0,
});
const sealed = (): LoggedRecord => logged(sealEvent(wire, event, { patient, clear, content, key }));

const open = (record: LoggedRecord, dataKey = key.key): unknown => {
  const read = wire.read(record.value ?? Buffer.alloc(0));
  if ('unknown' in read) throw new Error('not ours');
  return openSealed(wire, record, event, read.value as MeasurementCorrected, dataKey);
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof SamspillError ? error.code : String(error);
  }
  return 'none';
};

beforeAll(() => wire.learn([sealed().value ?? Buffer.alloc(0)]));

describe('a sealed event', () => {
  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string()), (reason, resource) => {
        const one = { reason, retractsEventId: null, resource };
        const record = logged(sealEvent(wire, event, { patient, clear, content: one, key }));
        expect(open(record)).toEqual(one);
      }),
    );
  });

  it('carries its topic, key, id, type and source', () => {
    const sent = sealEvent(wire, event, {
      patient,
      clear,
      content,
      key,
      traceparent: '00-ab-cd-01',
    });
    expect(sent).toMatchObject({
      topic: measurements.topic,
      key: patient,
      id: envelope.eventId,
      type: 'samspill.measurements.MeasurementRetracted',
      source: 'urn:samspill:310000019:measurements',
      traceparent: '00-ab-cd-01',
    });
  });

  it('holds nothing of its content in the clear and looks different each time', () => {
    const [first, second] = [sealed(), sealed()];
    expect(first.value?.includes('wrong patient')).toBe(false);
    expect(first.value?.equals(second.value ?? Buffer.alloc(0))).toBe(false);
  });

  it('does not open under another key', () => {
    expect(codeOf(() => open(sealed(), randomBytes(32)))).toBe('SEAL_BROKEN');
    expect(codeOf(() => open(sealed(), Buffer.alloc(5)))).toBe('SEAL_BROKEN');
  });

  it.each([
    ['event id', { id: '0190f3b1-6c1e-8abc-9def-0123456789ac' }],
    ['topic', { topic: 'another.topic.v1' }],
    ['record key', { key: newPseudonym() }],
    ['type', { type: 'samspill.measurements.MeasurementRecorded' }],
    ['missing id', { id: undefined }],
    ['missing key', { key: undefined }],
    ['missing type', { type: undefined }],
  ])('does not open with another %s', (_, change) => {
    expect(codeOf(() => open({ ...sealed(), ...change }))).toBe('SEAL_BROKEN');
  });

  it.each([
    ['status', { status: 'final' }],
    ['measurement', { measurementId: 'another' }],
    ['category', { categories: [] }],
    ['municipality', { municipality: null }],
    ['time', { envelope: { ...envelope, occurredAt: 0 } }],
    ['event id in the envelope', { envelope: { ...envelope, eventId: 'another' } }],
    ['source', { envelope: { ...envelope, source: { ...envelope.source, clientId: 'x' } } }],
  ])('does not open when its clear part has another %s', (_, change) => {
    const read = wire.read(sealed().value ?? Buffer.alloc(0));
    const value = { ...('value' in read ? (read.value as object) : {}), ...change };
    const record = { ...sealed(), value: wire.frame(event, value as never) };
    expect(codeOf(() => open(record))).toBe('SEAL_BROKEN');
  });

  it.each([
    ['algorithm', { alg: 'A128GCM' }],
    ['key version', { keyVersion: 4 }],
    ['negative key version', { keyVersion: -1 }],
    ['fingerprint', { innerFingerprint: Buffer.alloc(32) }],
    ['iv', { iv: Buffer.alloc(12) }],
    ['missing ciphertext', { bytes: Buffer.alloc(0) }],
    ['short tag', { bytes: Buffer.alloc(15) }],
  ])('does not open with another %s', (_, change) => {
    const record = sealed();
    const read = wire.read(record.value ?? Buffer.alloc(0));
    const before = ('value' in read ? read.value : {}) as { sealed: object };
    const altered = { ...before, sealed: { ...before.sealed, ...change } };
    const value = wire.frame(event, altered as never);
    expect(codeOf(() => open({ ...record, value }))).toBe('SEAL_BROKEN');
  });

  it('never opens and never crashes when any bit of its value is flipped or its end is cut off', () => {
    const record = sealed();
    const value = record.value ?? Buffer.alloc(0);
    // After the prefix: another schema id is the wire format's matter.
    const bit = fc.integer({ min: 5 * 8, max: value.length * 8 - 1 });
    fc.assert(
      fc.property(bit, fc.boolean(), (at, cut) => {
        const bad = Buffer.from(value);
        const byte = Math.floor(at / 8);
        bad[byte] = (bad[byte] ?? 0) ^ (1 << (at % 8));
        const altered = { ...record, value: cut ? value.subarray(0, byte) : bad };
        expect(['SEAL_BROKEN', 'RECORD_UNREADABLE']).toContain(codeOf(() => open(altered)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the additional data', () => {
  it('is seven parts, each after its length in four bytes', () => {
    const bytes = additionalData({
      id: 'event',
      topic: 'topic',
      key: 'key',
      type: 'type',
      keyVersion: 258,
      innerFingerprint: Buffer.alloc(32, 0xaa),
      clearPart: Buffer.from('clear'),
    });
    const clearHash = createHash('sha256').update('clear').digest('hex');
    expect(bytes.toString('hex')).toBe(
      [
        `00000005${Buffer.from('event').toString('hex')}`,
        `00000005${Buffer.from('topic').toString('hex')}`,
        `00000003${Buffer.from('key').toString('hex')}`,
        `00000004${Buffer.from('type').toString('hex')}`,
        '0000000400000102',
        `00000020${'aa'.repeat(32)}`,
        `00000020${clearHash}`,
      ].join(''),
    );
  });
});

describe('a clear event', () => {
  it('is framed as it stands', () => {
    const grant = { envelope, consumer: 'emergency-ward', product: measurements.name };
    const sent = clearEvent(wire, keyVault.events.GrantOpened, { patient, clear: grant });
    expect(sent).toMatchObject({ source: 'urn:samspill:310000019:key-vault', key: patient });
    expect(keyVault.events.GrantOpened.codec.fromBuffer(sent.value.subarray(5))).toEqual(grant);
  });
});
