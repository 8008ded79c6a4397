import { dataProducts, type RecordType } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import { memoryWireFormat } from '@samspill/schema-registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { records, sizeOf, valuesOf } from './avro-values.ts';
import { allSamplesOf, fuzz, samplesOf } from './fuzz.ts';
import { hostileBytes } from './hostile-bytes.ts';

const wire = memoryWireFormat(dataProducts);
const framed = (record: RecordType): Buffer[] =>
  samplesOf(valuesOf(record.codec.type), 12).map((value) => wire.frame(record, value));
const samples = records.flatMap(framed);
const hostile = hostileBytes(samples);

beforeAll(() => wire.learn(samples));

describe('the wire format', () => {
  it('reads hostile bytes as a value no larger than they are, or refuses them by the catalogue', () => {
    const outcomes = new Map<string, number>();
    fuzz('wire format', hostile, (bytes) => {
      let outcome: string;
      try {
        const read = wire.read(bytes);
        outcome = 'unknown' in read ? 'ignored' : 'read';
        if ('value' in read && sizeOf(read.value) > bytes.length) throw new Error('larger');
      } catch (error) {
        if (!(error instanceof SamspillError) || error.retriable) throw error;
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    expect([...outcomes.keys()].sort()).toEqual([
      'RECORD_UNREADABLE',
      'SCHEMA_UNKNOWN',
      'ignored',
      'read',
    ]);
  });

  it('learns from hostile bytes without a fault', async () => {
    await wire.learn(allSamplesOf(hostile));
  });

  it('gives back what it framed', () => {
    for (const record of records) {
      for (const value of samplesOf(valuesOf(record.codec.type), 100)) {
        const read = wire.read(wire.frame(record, value));
        // What is sealed is framed for the registry alone and never read by itself.
        if ('unknown' in read) expect(read.unknown).toBe(record.fullName);
        else expect(read.value).toEqual(value);
      }
    }
  });
});
