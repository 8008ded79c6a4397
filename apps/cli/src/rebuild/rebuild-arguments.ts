import { Argument, type Command } from 'commander';
import { clientOption, operatedServices } from '../operated-services.ts';

/** SERVICE and PROJECTION, which every order about versions names, and the options of operators. */
export const aboutReadModel = (command: Command): Command =>
  command
    .addArgument(
      new Argument('<service>', 'service that keeps the read model').choices(operatedServices),
    )
    .argument('<projection>', 'name of the read model; samspill lag shows them')
    .addOption(clientOption())
    .option('--json', 'as JSON', false);
