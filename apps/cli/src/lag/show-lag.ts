import { readModelName } from '../read-model-name.ts';
import { plainTable } from '../screen/plain-table.ts';
import { blockOf, type RowBlock } from '../screen/share-rows.ts';
import { colours } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';
import {
  recordsBehind,
  type LagAnswer,
  type PartitionLag,
  type ReadModelLag,
} from './lag-answer.ts';
import { troublesOf } from './troubles.ts';

const lagColumns = [
  { title: 'read model' },
  { title: 'behind' },
  { title: 'seconds', importance: 1 },
  { title: 'patients not open', importance: 2, least: 17 },
  { title: 'state' },
];

/** One row a read model. */
export function lagBlock(answers: readonly LagAnswer[], columns: number): RowBlock {
  const readModels = answers.flatMap(({ service, readModels }) =>
    readModels.map((readModel) => ({ ...readModel, name: readModelName(service, readModel) })),
  );
  const rows = readModels.map((readModel) => {
    const { name, partitions, gates } = readModel;
    const behind = recordsBehind(partitions);
    const seconds = greatestOf(partitions.map(({ behindSeconds }) => behindSeconds));
    return [name, shown(behind), shown(seconds), notOpen(gates), stateOf(readModel)];
  });
  return blockOf(plainTable(lagColumns, rows, columns), readModels.map(isWell));
}

const isWell = (readModel: ReadModelLag): boolean =>
  readModel.gates.parked === 0 &&
  readModel.partitions.every(({ records }) => records === 0) &&
  troublesOf(readModel).length === 0;

/** What is wrong and what to do, in lines of the terminal. */
export const troubleBlock = (lines: readonly string[], columns: number): RowBlock => {
  const told = lines.flatMap((line) => wrapped(line, columns).split('\n'));
  return { head: [], lines: told.map((line) => colours.red(line)), isWell: told.map(() => false) };
};

const notOpen = (gates: ReadModelLag['gates']): string =>
  (['parked', 'catching-up', 'withheld'] as const)
    .filter((state) => gates[state] > 0)
    .map((state) => `${gates[state]} ${state}`)
    .join(', ');

const partitionColumns = [
  { title: 'read model' },
  { title: 'partition' },
  { title: 'next', importance: 2 },
  { title: 'end', importance: 2 },
  { title: 'behind' },
  { title: 'seconds' },
  { title: 'owner', importance: 1 },
  { title: 'held for', importance: 3, least: 12 },
];

/** One row a partition. */
export const partitionsBlock = (answers: readonly LagAnswer[], columns: number): RowBlock => {
  const all = answers.flatMap(({ service, readModels }) =>
    readModels.flatMap((readModel) =>
      readModel.partitions.map((one) => ({ one, name: readModelName(service, readModel) })),
    ),
  );
  const rows = all.map(({ one, name }) => [
    ...[name, `${one.topic}:${one.partition}`, String(one.next), shown(one.end)],
    ...[shown(one.records), shown(one.behindSeconds), one.owner ?? 'nobody', heldFor(one)],
  ]);
  return blockOf(
    plainTable(partitionColumns, rows, columns),
    all.map(({ one }) => one.records === 0 && heldFor(one) === ''),
  );
};

function heldFor({ held, stops }: PartitionLag): string {
  const codes = [held?.code, ...stops.map(({ code }) => code)].filter(Boolean).join(', ');
  return codes === '' ? '' : colours.red(codes);
}

function stateOf(readModel: ReadModelLag): string {
  const troubles = troublesOf(readModel);
  if (troubles.length > 0) {
    return colours.red(troubles.some(({ kind }) => kind === 'held') ? 'held' : 'stopped');
  }
  const behind = recordsBehind(readModel.partitions);
  if (behind === null) return colours.yellow('the log does not answer');
  return behind === 0 ? colours.green('level') : 'reading';
}

const shown = (count: number | null): string => (count === null ? '?' : String(count));

/** Null as soon as one is not known. */
const greatestOf = (counts: readonly (number | null)[]): number | null =>
  counts.some((one) => one === null) ? null : Math.max(0, ...counts.map((one) => one ?? 0));
