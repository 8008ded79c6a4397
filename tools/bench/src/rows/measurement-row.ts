import { createHash } from 'node:crypto';
import { uuidV8, type EventId, type Pseudonym } from '@samspill/kernel';

/** The row of the race, but for the ninth column, its offset. Times in milliseconds since the epoch. */
export interface MeasurementRow {
  readonly eventId: EventId;
  readonly patient: Pseudonym;
  readonly code: string;
  readonly value: number;
  readonly unit: string;
  readonly effectiveAt: number;
  readonly organisation: string;
  readonly recordedAt: number;
}

const units = [
  'mmol/L',
  '/min',
  'mmHg',
  'kg',
  'cm',
  'Cel',
  '%',
  'g/dL',
  'mg/dL',
  '10*9/L',
  'U/L',
  'kPa',
];
const codes = 200;
const organisations = 50;
const firstMs = Date.UTC(2025, 0, 1);
const spanMs = 2 * 365 * 86_400_000;
/** A prime, so that patients come in an order of no meaning, each once before any comes again. */
const stride = 7_919;

/** Bytes that are the same in every run. */
const bytesOf = (...labels: readonly (string | number)[]): Buffer =>
  createHash('sha256').update(labels.join('/')).digest();

export const patientAt = (index: number, patients: number): Pseudonym =>
  bytesOf('patient', (index * stride) % patients)
    .subarray(0, 16)
    .toString('base64url') as Pseudonym;

/** The row of this index: the same for every contender and in every run. */
export function rowAt(index: number, patients: number): MeasurementRow {
  const chance = bytesOf('row', index);
  const code = chance.readUInt16BE(16) % codes;
  return {
    eventId: uuidV8(chance),
    patient: patientAt(index, patients),
    code: `${10_000 + code * 37}-${code % 10}`,
    value: (chance.readUInt32BE(18) % 100_000) / 100,
    unit: units[code % units.length] ?? '',
    effectiveAt: firstMs + Math.floor((chance.readUInt32BE(22) / 2 ** 32) * spanMs),
    organisation: `Organization/${900_000_000 + (chance.readUInt16BE(26) % organisations) * 101}`,
    recordedAt: firstMs + spanMs + index,
  };
}
