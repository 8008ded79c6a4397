import { randomFillSync } from 'node:crypto';
import type { KnownPatient, Population } from './population.ts';
import type { RowForm, RowOf } from './row-forms.ts';

/** Thirteen measurements a day. */
const everyMs = 6_646_000;
const lastAtMs = Date.UTC(2026, 2, 1, 21);
const partitions = 6;

/** When the row of that place, of so many of its patient, was measured; the last rows of all patients at one time. */
export const measuredAtMs = (row: number, rows: number): number =>
  lastAtMs - (rows - 1 - row) * everyMs;

/**
 * Lines of COPY in the order in which the measurements come in, from all patients in turn: so the rows of one patient lie
 * scattered over the table, as they do after years.
 */
export function* patientLines(
  patients: readonly KnownPatient[],
  { heavy, rowsEach, rowsOfHeavy }: Population,
  forms: readonly RowForm[],
): Generator<string> {
  const ids = randomIds();
  let offset = 0;
  const lineOf = (patient: KnownPatient, row: number, rows: number): string => {
    const form = forms[row % forms.length];
    if (form === undefined) throw new RangeError('there are no forms');
    offset += 1;
    const own: RowOf = {
      ...{ eventId: ids(), measurementId: ids(), nationalId: patient.nationalId },
      ...{ patient: patient.pseudonym, partition: offset % partitions, offset },
      measuredAtMs: measuredAtMs(row, rows),
    };
    return form.line(own);
  };
  const others = patients.length - heavy;
  for (let step = 0, other = 0; step < rowsOfHeavy; step += 1) {
    for (const patient of patients.slice(0, heavy)) yield lineOf(patient, step, rowsOfHeavy);
    // As many of the others' as keep pace.
    const end = Math.round(((step + 1) / rowsOfHeavy) * others * rowsEach);
    for (; other < end; other += 1) {
      const patient = patients[heavy + (other % others)];
      if (patient !== undefined) yield lineOf(patient, Math.floor(other / others), rowsEach);
    }
  }
}

/** Ids as scattered as those of the mesh, which are made of HMACs. */
function randomIds(): () => string {
  const pool = Buffer.alloc(64 * 1024);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += 16;
    const hex = pool.toString('hex', at - 16, at);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
}
