import { Command } from 'commander';
import { z } from 'zod';
import { helpBelow } from '../help-below.ts';
import { askOne, type OperatedService } from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';
import type { SwitchOrder } from './order-switch.ts';
import { aboutReadModel } from './rebuild-arguments.ts';

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
    .action(async (service: OperatedService, projection: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<SwitchOrder>();
      const { acceptDifferences } = options;
      const answer = await askOne(service, options, {
        path: '/operations/rebuilds/roll-back',
        body: { projection, acceptDifferences },
        form: rollBackAnswer,
        timeoutMs: 60_000,
      });
      printAnswer(
        options.json,
        answer,
        `${service} ${projection}: readers see version ${answer.to} again; version ${answer.from} is kept`,
      );
    });
