import { readModelName } from '../read-model-name.ts';
import { colours, tableOf } from '../terminal.ts';
import type { VersionStatus } from './version-status.ts';

const columns = [
  { title: 'read model' },
  { title: 'records' },
  { title: 'done' },
  { title: 'a second' },
  { title: 'time left' },
  { title: 'parked' },
  { title: 'catching up' },
  { title: 'withheld' },
  { title: 'switch', share: 1 },
];

/** One row a version. */
export const versionsTable = (
  versions: readonly (VersionStatus & { readonly service: string })[],
): string =>
  tableOf(
    columns,
    versions.map((one) => [
      readModelName(one.service, one),
      `${one.recordsDone} of ${one.recordsAll}`,
      `${percentOf(one)}%`,
      one.recordsPerSecond === null ? '' : String(Math.round(one.recordsPerSecond)),
      one.secondsLeft === null ? '' : `${Math.ceil(one.secondsLeft)} s`,
      String(one.parked),
      String(one.catchingUp),
      String(one.withheld),
      one.step.startsWith('refused') ? colours.red(one.step) : one.step,
    ]),
  );

/** Rounded down: 100 is said once all is done. */
const percentOf = ({ recordsDone, recordsAll }: VersionStatus): number =>
  recordsAll === 0 ? 100 : Math.floor((100 * recordsDone) / recordsAll);
