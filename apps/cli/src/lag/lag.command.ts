import { pause } from '@samspill/kernel';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import {
  askEach,
  clientOption,
  failureLines,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { isTerminal, printAnswer } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { lagAnswer, type LagAnswer } from './lag-answer.ts';
import { lagText, partitionsText } from './show-lag.ts';
import { troublesOf } from './troubles.ts';

interface LagOptions extends OperatorOptions {
  readonly partitions: boolean;
  readonly watch: boolean;
  readonly every: number;
}

const examples = `
Records behind are counted from the read model's own checkpoint in PostgreSQL to the end of the log. Seconds are the age
of the first record that is not applied, at most; "?" where that is not known. Ends with 1 where a partition is held.

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
    .option('--watch', 'show it again and again, until Ctrl-C', false)
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
  const { asked, answers } = await ask(options);
  printAnswer(options.json, answers, textOf(options, answers));
  throwFailures(asked);
  const isHeld = answers.some(({ readModels }) => readModels.some(hasTrouble));
  if (isHeld) process.exitCode = exitCodes.refused;
}

const watch = (options: LagOptions): Promise<void> =>
  untilInterrupted(async (signal) => {
    for (;;) {
      const { asked, answers } = await ask(options, signal);
      if (signal.aborted) return;
      if (options.json) console.log(JSON.stringify(answers));
      else {
        const lines = [new Date().toISOString(), textOf(options, answers), ...failureLines(asked)];
        const text = lines.join('\n');
        console.log(isTerminal() ? `${clearScreen}${text}` : text);
      }
      await pause(options.every * 1_000, signal);
    }
  });

async function ask(options: LagOptions, signal?: AbortSignal) {
  const asked = await askEach(options, {
    path: '/operations/lag',
    form: lagAnswer,
    ...(signal && { signal }),
  });
  return { asked, answers: asked.flatMap(({ answer }) => answer ?? []) };
}

const clearScreen = '\u001b[H\u001b[2J';

const hasTrouble = (readModel: LagAnswer['readModels'][number]): boolean =>
  troublesOf(readModel).length > 0;

const textOf = ({ partitions }: LagOptions, answers: readonly LagAnswer[]): string =>
  [...(partitions ? [partitionsText(answers)] : []), lagText(answers)].join('\n');
