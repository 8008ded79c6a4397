import type { BenchmarkResult, ContenderResult, Figure, JudgedGoal } from '../frame/result.ts';
import { numberText, settingText } from './numbers.ts';

/** A result with the files that lie beside it. */
export interface Told {
  readonly result: BenchmarkResult;
  readonly plots: readonly { readonly title: string; readonly file: string }[];
  readonly profiles: readonly string[];
}

/** The page of all results, as Markdown. */
export const pageOf = (told: readonly Told[]): string =>
  [
    '# Benchmark results',
    'Written by `npm run bench -- --record`; each number comes from the JSON file beside this page. **Median (least to greatest)** of all runs. What is compared, and how it is measured: [the benchmarks](../README.md).',
    ...told.flatMap(({ result }) => (result.quick ? [quickWarning(result)] : [])),
    table(
      ['goal', 'met', 'found'],
      told.flatMap(({ result }) => result.goals.map(goalRow)),
    ),
    ...told.flatMap(section),
  ].join('\n\n');

const quickWarning = ({ benchmark }: BenchmarkResult): string =>
  `**${benchmark} was run with \`--quick\`: its numbers say nothing.**`;

const goalRow = ({ text, holds, found }: JudgedGoal): string[] => [
  text,
  holds === null ? 'not measured' : holds ? 'yes' : '**no**',
  found.map(foundText).join('; '),
];

const foundText = ({ setting, value, against, ratio }: JudgedGoal['found'][number]): string => {
  const where = settingText(setting);
  const what =
    against === undefined
      ? numberText(value)
      : `${numberText(value)} to ${numberText(against)} = ${numberText(ratio ?? NaN)}`;
  return where === '' ? what : `${where}: ${what}`;
};

function section({ result, plots, profiles }: Told): string[] {
  return [
    `## ${result.benchmark}: ${result.title}`,
    result.asks,
    `${result.date.slice(0, 10)}, commit ${result.commit}, ${result.runs} ${result.runs === 1 ? 'run' : 'runs'} in ${numberText(Math.ceil(result.seconds / 60))} min. ${settingText(result.setting)}. Machine: ${machineText(result.machine)}. ${Object.entries(
      result.versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    ...plots.map(({ title, file }) => `![${title}](${file})`),
    contendersTable(result.contenders),
    ...result.contenders.flatMap(failuresOf),
    ...Object.entries(result.notRun).map(([name, why]) => `Not run: ${name}, ${why}.`),
    ...profiles.map((file) => `Where our time goes: [${file}](${file}).`),
  ];
}

const machineText = ({ cores, processor, memoryGiB, kernel }: BenchmarkResult['machine']): string =>
  `${cores} cores (${processor}), ${memoryGiB} GiB, ${kernel}`;

function contendersTable(results: readonly ContenderResult[]): string {
  const units = new Map(
    results.flatMap(({ figures }) => figures.map(({ name, unit }) => [name, unit])),
  );
  return table(
    ['contender', 'setting', ...[...units].map(([name, unit]) => `${name} (${unit})`)],
    results.map(({ contender, setting, figures }) => [
      contender,
      settingText(setting),
      ...[...units.keys()].map((name) => cellOf(figures.find((one) => one.name === name))),
    ]),
  );
}

function cellOf(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  const { min, median, max } = figure;
  return min === max
    ? numberText(median)
    : `${numberText(median)} (${numberText(min)}–${numberText(max)})`;
}

const failuresOf = ({ contender, setting, failures }: ContenderResult): string[] =>
  failures.map((why) => `**Failed:** ${contender}, ${settingText(setting)}: ${why}`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
