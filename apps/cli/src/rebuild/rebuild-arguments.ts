import { Argument, type Command } from 'commander';
import { clientOption, operatedServices, type OperatedService } from '../operated-services.ts';
import type { RebuiltModel } from './version-status.ts';

/** SERVICE and PROJECTION, which every order about versions names, and the options of operators. */
export const aboutReadModel = (command: Command): Command =>
  command
    .addArgument(
      new Argument('<service>', 'service that keeps the read model').choices(operatedServices),
    )
    .argument('<projection>', 'name of the read model; samspill lag shows them')
    .addOption(clientOption())
    .option('--json', 'as JSON', false);

/** The read model that {@link aboutReadModel} reads. */
export function readModelOf(command: Command): RebuiltModel {
  const [service, projection] = command.processedArgs as [OperatedService, string];
  return { service, projection };
}
