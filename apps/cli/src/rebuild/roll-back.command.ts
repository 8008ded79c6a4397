import { Command } from 'commander';
import { z } from 'zod';
import { helpBelow } from '../exit-codes.ts';
import { askOne } from '../operated-services.ts';
import type { SwitchOrder } from './order-switch.ts';
import { aboutReadModel, readModelOf } from './rebuild-arguments.ts';

const rollBackAnswer = z.object({ from: z.number(), to: z.number() });

const examples = `
The version that readers saw before the last switch is followed on until it is discarded, so that nothing is missing in
it. Rolling back a roll-back leads to the newer version again.

Examples:
  samspill rebuild roll-back emergency-ward measurements`;

/** `samspill rebuild roll-back` */
export const rebuildRollBackCommand = (): Command =>
  aboutReadModel(new Command('roll-back'))
    .description('lead readers back to the version that they saw before')
    .option(
      '--accept-differences',
      'although patients are parked there whom readers see now',
      false,
    )
    .addHelpText('after', helpBelow(examples))
    .action(async (_service: string, _projection: string, _: object, command: Command) => {
      const model = readModelOf(command);
      const options = command.optsWithGlobals<SwitchOrder>();
      const { service, projection } = model;
      const { acceptDifferences } = options;
      const answer = await askOne(service, options, {
        path: '/operations/rebuilds/roll-back',
        body: { projection, acceptDifferences },
        form: rollBackAnswer,
        timeoutMs: 60_000,
      });
      console.log(
        options.json
          ? JSON.stringify(answer, undefined, 2)
          : `${service} ${projection}: readers see version ${answer.to} again; version ${answer.from} is kept`,
      );
    });
