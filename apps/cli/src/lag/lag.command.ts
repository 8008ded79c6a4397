import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import {
  answersOf,
  askEach,
  clientOption,
  failureLines,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { outputSize, showLive, type ScreenSize } from '../screen/live-screen.ts';
import { printRepeatedly } from '../screen/print-repeatedly.ts';
import { shareRows } from '../screen/share-rows.ts';
import { isTerminal, printAnswer } from '../terminal.ts';
import { lagQuestion, type ReadModelLag } from './lag-answer.ts';
import { lagBlock, partitionsBlock, troubleBlock } from './show-lag.ts';
import { troubleLines, troublesOf } from './troubles.ts';

interface LagOptions extends OperatorOptions {
  readonly partitions: boolean;
  readonly watch: boolean;
  readonly every: number;
}

const examples = `
Records behind are counted from the read model's own checkpoint in PostgreSQL to the end of the log. Seconds are the age
of the first record that is not applied, at most; "?" where that is not known. Ends with 1 where a partition is held, with 3
where a service or the log does not answer.

Examples:
  samspill lag
  samspill lag --watch
  samspill lag --service emergency-ward --partitions
  samspill lag --json`;

/** `samspill lag` */
export const lagCommand = (): Command =>
  new Command('lag')
    .description('how far each read model is behind the log, and what holds it')
    .option('--partitions', 'a row for each partition', false)
    .option('--watch', 'show it again and again, until q or Ctrl-C', false)
    .option('--every <seconds>', 'with --watch, how often', wholeNumber(1, 3_600), 2)
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON; with --watch a line each time', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<LagOptions>();
      if (options.watch) await watch(options);
      else await show(options);
    });

async function show(options: LagOptions): Promise<void> {
  const seen = await ask(options);
  const { asked, answers } = seen;
  const size = { ...outputSize(), rows: Infinity };
  printAnswer(options.json, answers, drawLag(options, seen, size).join('\n'));
  throwFailures(asked);
  const readModels = answers.flatMap((one) => one.readModels);
  if (readModels.some(isUnknown)) process.exitCode = exitCodes.away;
  else if (readModels.some(hasTrouble)) process.exitCode = exitCodes.refused;
}

function watch(options: LagOptions): Promise<void> {
  const everyMs = options.every * 1_000;
  const look = (signal: AbortSignal) => ask(options, signal);
  if (options.json) return printRepeatedly(everyMs, look, ({ answers }) => JSON.stringify(answers));
  const draw = (seen: Seen, size: ScreenSize): string[] => [
    new Date().toISOString(),
    '',
    ...drawLag(options, seen, { ...size, rows: size.rows - 2 }),
  ];
  if (isTerminal()) return showLive(everyMs, look, draw);
  return printRepeatedly(everyMs, look, (seen) => draw(seen, outputSize()).join('\n'));
}

type Seen = Awaited<ReturnType<typeof ask>>;

async function ask(options: LagOptions, signal?: AbortSignal) {
  const asked = await askEach(options, {
    ...lagQuestion,
    ...(signal && { signal }),
  });
  return { asked, answers: answersOf(asked) };
}

const hasTrouble = (readModel: ReadModelLag): boolean => troublesOf(readModel).length > 0;

/** The log does not answer. */
const isUnknown = ({ partitions }: ReadModelLag): boolean =>
  partitions.some(({ records }) => records === null);

/** Who does not answer is told here where the command goes on, else as its end. */
const drawLag = (
  { partitions, watch }: LagOptions,
  { asked, answers }: Seen,
  { columns, rows }: ScreenSize,
): string[] => {
  const troubles = [...answers.flatMap(troubleLines), ...(watch ? failureLines(asked) : [])];
  const blocks = [
    ...(partitions ? [partitionsBlock(answers, columns)] : []),
    lagBlock(answers, columns),
    troubleBlock(troubles, columns),
  ];
  // The empty line is for what stands above.
  return shareRows(blocks, rows + 1).slice(1);
};
