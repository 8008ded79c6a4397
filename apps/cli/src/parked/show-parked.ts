import { readModelName } from '../read-model-name.ts';
import { outputSize } from '../screen/live-screen.ts';
import { plainTable } from '../screen/plain-table.ts';
import type { ParkedPatient } from './parked-answer.ts';

/** A parked patient of one service's read model. */
export type ServiceParked = ParkedPatient & { readonly service: string };

const columns = [
  { title: 'read model' },
  { title: 'patient' },
  { title: 'code' },
  { title: 'behind the record at', importance: 1 },
  { title: 'since', importance: 2 },
];

const nameOf = ({ service, ...one }: ServiceParked): string => readModelName(service, one);

/** One row a patient, then how many there are of each code. */
export function parkedTable(parked: readonly ServiceParked[], isComplete: boolean): string {
  if (parked.length === 0) return isComplete ? 'nobody is parked' : 'nobody is known to be parked';
  const rows = parked.map((one) => [nameOf(one), one.patient, one.code, one.position, one.since]);
  const codes = Object.entries(Object.groupBy(parked, ({ code }) => code)).map(
    ([code, alike = []]) => `${alike.length} ${code}`,
  );
  const more = isComplete ? '' : '; there are more than is shown';
  const table = plainTable(columns, rows, outputSize().columns);
  return [...table, '', `${parked.length} parked: ${codes.join(', ')}${more}`].join('\n');
}

/** All that is known of one patient's parking, and what to do. */
export const parkedDetails = (parked: readonly ServiceParked[], isComplete: boolean): string =>
  parked.length === 0
    ? `the patient is not ${isComplete ? '' : 'known to be '}parked`
    : parked
        .map((one) =>
          [
            `${nameOf(one)}: parked since ${one.since}`,
            `  patient    ${one.patient}`,
            `  code       ${one.code}: expected that ${one.rule}`,
            `  record     ${one.position}`,
            `  goes on at offset ${one.fromOffset}, once requeued`,
            `  to mend    ${one.mend}`,
          ].join('\n'),
        )
        .join('\n\n');
