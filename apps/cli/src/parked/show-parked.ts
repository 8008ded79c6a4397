import { readModelName } from '../read-model-name.ts';
import { tableOf } from '../terminal.ts';
import type { ParkedPatient } from './parked-answer.ts';

/** A parked patient of one service's read model. */
export type ServiceParked = ParkedPatient & { readonly service: string };

const columns = [
  { title: 'read model' },
  { title: 'patient' },
  { title: 'code', share: 1 },
  { title: 'behind the record at', share: 1 },
  { title: 'since' },
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
  return `${tableOf(columns, rows)}\n${parked.length} parked: ${codes.join(', ')}${more}`;
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
