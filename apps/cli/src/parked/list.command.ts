import { Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import {
  clientOption,
  projectionOption,
  requireServiceOf,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { printAnswer } from '../terminal.ts';
import { searchParked } from './search-parked.ts';
import { parkedTable } from './show-parked.ts';

interface ListOptions extends OperatorOptions {
  readonly projection?: string;
  readonly code?: string;
  readonly limit: number;
}

const examples = `
A patient is parked behind a record that was rejected: what was shown stays, what came later waits in the log.

Examples:
  samspill parked list
  samspill parked list --service emergency-ward --code EVENT_NOT_PROJECTED
  samspill parked list --json`;

/** `samspill parked list` */
export const parkedListCommand = (): Command =>
  new Command('list')
    .description('who is parked, the longest parked first')
    .addOption(projectionOption())
    .option('--code <code>', 'for this error code alone')
    .option('--limit <count>', 'of each service at most', wholeNumber(1, 1_000), 100)
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      requireServiceOf(options);
      const { projection, code, limit } = options;
      const { parked, isComplete, asked } = await searchParked(options, {
        projection,
        code,
        limit,
      });
      printAnswer(options.json, { parked, isComplete }, parkedTable(parked, isComplete));
      throwFailures(asked);
    });
