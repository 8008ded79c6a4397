import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { clientOption, type OperatorOptions } from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { outputSize, showLive } from '../screen/live-screen.ts';
import { printRepeatedly } from '../screen/print-repeatedly.ts';
import { isTerminal, printAnswer } from '../terminal.ts';
import { drawStatus } from './draw-status.ts';
import { isAway, isHeld, lookAtMesh } from './mesh-status.ts';

interface StatusOptions extends OperatorOptions {
  readonly watch: boolean;
  readonly every: number;
}

const examples = `
Servers and services: ready, or what they lack, and the last error in the log of a service that samspill up started. Read
models: records and seconds behind the log, patients who are not open, and what holds them. All of it on one screen: where
there is little room, what matters least is left out. Ends with 3 where a part is away, with 1 where a read model stands.

Examples:
  samspill status
  samspill status --watch --every 5
  samspill status --json`;

/** `samspill status` */
export const statusCommand = (): Command =>
  new Command('status')
    .description('the mesh on one screen: parts, health, lag, and what holds it')
    .option(
      '--watch',
      'show it again and again, until q or Ctrl-C; once where no terminal is',
      false,
    )
    .option('--every <seconds>', 'with --watch, how often', wholeNumber(1, 3_600), 2)
    .addOption(clientOption())
    .option('--json', 'as JSON; with --watch a line each time', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<StatusOptions>();
      const { watch, every, json } = options;
      const look = (signal?: AbortSignal) => lookAtMesh(options, signal);
      if (watch && json) await printRepeatedly(every * 1_000, look, (seen) => JSON.stringify(seen));
      else if (watch && isTerminal()) {
        const note = `every ${every} s, q ends`;
        await showLive(every * 1_000, look, (status, size) => drawStatus(status, size, note));
      } else await show(options);
    });

async function show(options: StatusOptions): Promise<void> {
  const status = await lookAtMesh(options);
  // A line is left for the prompt.
  const { columns, rows } = outputSize();
  printAnswer(options.json, status, drawStatus(status, { columns, rows: rows - 1 }).join('\n'));
  if (isAway(status)) process.exitCode = exitCodes.away;
  else if (isHeld(status)) process.exitCode = exitCodes.refused;
}
