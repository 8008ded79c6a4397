import type { Ran } from '../frame/run-benchmarks.ts';
import { numberText, settingText } from './numbers.ts';

/** What came of a benchmark, for the terminal. */
export function wordsOf({ benchmark, result, error }: Ran): string {
  if (result === undefined) return `✗ ${benchmark.name}: ${error ?? 'no result'}\n`;
  const { contenders, goals, notRun, seconds } = result;
  return [
    ...contenders.flatMap(({ contender, setting, figures, failures }) => [
      `  ${contender}${separated(settingText(setting))}`,
      ...figures.map(
        ({ name, unit, median, min, max }) =>
          `    ${name.padEnd(34)} ${numberText(median).padStart(9)} ${unit}  (${numberText(min)} to ${numberText(max)})`,
      ),
      ...failures.map((why) => `    FAILED: ${why}`),
    ]),
    ...Object.entries(notRun).map(([name, why]) => `  not run: ${name}, ${why}`),
    ...goals.map(({ text, holds }) => `  ${markOf(holds)} ${text}`),
    `  ${benchmark.name} took ${seconds} s\n`,
  ].join('\n');
}

const separated = (setting: string): string => (setting === '' ? '' : `, ${setting}`);

const markOf = (holds: boolean | null): string =>
  holds === null ? 'goal not measured:' : holds ? 'goal met:' : 'goal MISSED:';
