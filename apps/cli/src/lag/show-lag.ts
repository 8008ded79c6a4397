import { readModelName } from '../read-model-name.ts';
import { colours, tableOf } from '../terminal.ts';
import type { LagAnswer, PartitionLag, ReadModelLag } from './lag-answer.ts';
import { troubleLines, troublesOf } from './troubles.ts';

const columns = [
  { title: 'read model' },
  { title: 'behind' },
  { title: 'seconds' },
  { title: 'patients not open', share: 1 },
  { title: 'state' },
];

/** One row a read model, then what is wrong and what to do. */
export function lagText(answers: readonly LagAnswer[]): string {
  const rows = answers.flatMap(({ service, readModels }) =>
    readModels.map((readModel) => {
      const { partitions, gates } = readModel;
      return [
        readModelName(service, readModel),
        shown(sumOf(partitions.map(({ records }) => records))),
        shown(greatestOf(partitions.map(({ behindSeconds }) => behindSeconds))),
        notOpen(gates),
        stateOf(readModel),
      ];
    }),
  );
  const troubles = answers.flatMap(troubleLines).map((line) => colours.red(line));
  return [tableOf(columns, rows), ...troubles].join('\n');
}

const notOpen = (gates: ReadModelLag['gates']): string =>
  (['parked', 'catching-up', 'withheld'] as const)
    .filter((state) => gates[state] > 0)
    .map((state) => `${gates[state]} ${state}`)
    .join(', ');

const partitionColumns = [
  { title: 'read model' },
  { title: 'topic' },
  { title: 'partition' },
  { title: 'next' },
  { title: 'end' },
  { title: 'behind' },
  { title: 'seconds' },
  { title: 'owner' },
  { title: 'held for', share: 1 },
];

/** One row a partition. */
export const partitionsText = (answers: readonly LagAnswer[]): string =>
  tableOf(
    partitionColumns,
    answers.flatMap(({ service, readModels }) =>
      readModels.flatMap((readModel) =>
        readModel.partitions.map((one) => [
          readModelName(service, readModel),
          one.topic,
          String(one.partition),
          String(one.next),
          shown(one.end),
          shown(one.records),
          shown(one.behindSeconds),
          one.owner ?? 'nobody',
          heldFor(one),
        ]),
      ),
    ),
  );

const heldFor = ({ held, stops }: PartitionLag): string =>
  colours.red([held?.code, ...stops.map(({ code }) => code)].filter(Boolean).join(', '));

function stateOf(readModel: ReadModelLag): string {
  const troubles = troublesOf(readModel);
  if (troubles.length > 0) {
    return colours.red(troubles.some(({ kind }) => kind === 'held') ? 'held' : 'stopped');
  }
  const behind = sumOf(readModel.partitions.map(({ records }) => records));
  if (behind === null) return colours.yellow('the log does not answer');
  return behind === 0 ? colours.green('level') : 'reading';
}

const shown = (count: number | null): string => (count === null ? '?' : String(count));

/** Null as soon as one is not known. */
const sumOf = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);

const greatestOf = (counts: readonly (number | null)[]): number | null =>
  counts.some((one) => one === null) ? null : Math.max(0, ...counts.map((one) => one ?? 0));
