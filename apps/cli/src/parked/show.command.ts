import { Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import { namedPatientHelp, namedPatientOf } from '../named-patient.ts';
import {
  clientOption,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';
import { searchParked } from './search-parked.ts';
import { parkedDetails } from './show-parked.ts';

interface ShowOptions extends OperatorOptions {
  readonly patient: string;
}

const examples = `
Examples:
  samspill parked show --patient @patient.txt
  samspill parked show --patient @- --service emergency-ward --json`;

/** `samspill parked show` */
export const parkedShowCommand = (): Command =>
  new Command('show')
    .description('why one patient is parked, where, and what to do')
    .requiredOption('--patient <number>', namedPatientHelp)
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<ShowOptions>();
      const patient = namedPatientOf(options.patient);
      const { parked, isComplete, asked } = await searchParked(options, { patient });
      printAnswer(options.json, parked, parkedDetails(parked, isComplete));
      throwFailures(asked);
    });
