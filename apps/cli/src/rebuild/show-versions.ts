import { readModelName } from '../read-model-name.ts';
import { outputSize } from '../screen/live-screen.ts';
import { plainTable } from '../screen/plain-table.ts';
import { colours } from '../terminal.ts';
import type { VersionStatus } from './version-status.ts';

const columns = [
  { title: 'read model' },
  { title: 'records' },
  { title: 'done' },
  { title: 'a second', importance: 2 },
  { title: 'time left', importance: 5 },
  { title: 'parked', importance: 4 },
  { title: 'catching up', importance: 3 },
  { title: 'withheld', importance: 1 },
  { title: 'switch', importance: 6, least: 12 },
];

/** One row a version. */
export const versionsTable = (
  versions: readonly (VersionStatus & { readonly service: string })[],
): string =>
  plainTable(
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
    outputSize().columns,
  ).join('\n');

/** Rounded down: 100 is said once all is done. */
const percentOf = ({ recordsDone, recordsAll }: VersionStatus): number =>
  recordsAll === 0 ? 100 : Math.floor((100 * recordsDone) / recordsAll);
