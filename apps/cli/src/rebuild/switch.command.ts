import { Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import type { OperatedService } from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';
import { orderSwitch, wordsOfSwitch, type SwitchOrder } from './order-switch.ts';
import { aboutReadModel } from './rebuild-arguments.ts';

const examples = `
Both versions are made to stand at one position, and compared by counts and checksums of all patients who are open in
both. Where they are equal, readers are led over at one position: what they have seen does not go back. A version that
was built by a mended projection differs on purpose: --accept-differences.
Once it began, a switch is carried out or leaves all as it was, also when this program is ended.

Examples:
  samspill rebuild switch emergency-ward measurements
  samspill rebuild switch emergency-ward measurements --accept-differences`;

/** `samspill rebuild switch` */
export const rebuildSwitchCommand = (): Command =>
  aboutReadModel(new Command('switch'))
    .description('check the version that was built and lead readers to it')
    .option('--accept-differences', 'switch although both versions differ', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (service: OperatedService, projection: string, _: object, command: Command) => {
      const model = { service, projection };
      const options = command.optsWithGlobals<SwitchOrder>();
      const switched = await orderSwitch(model, options);
      printAnswer(options.json, switched, wordsOfSwitch(model, switched));
    });
