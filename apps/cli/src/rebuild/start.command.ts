import { Command } from 'commander';
import { z } from 'zod';
import { helpBelow } from '../help-below.ts';
import { askOne, type OperatedService } from '../operated-services.ts';
import { printAnswer, say, warn } from '../terminal.ts';
import { followRebuild } from './follow-rebuild.ts';
import { orderSwitch, wordsOfSwitch, type SwitchOrder } from './order-switch.ts';
import { aboutReadModel } from './rebuild-arguments.ts';

interface StartOptions extends SwitchOrder {
  readonly wait: boolean;
  readonly switch: boolean;
}

const startAnswer = z.object({ version: z.number() });

const examples = `
All instances of the service read the log again from its start, into tables beside those that readers see, and out of the
way of the live stream. Ctrl-C ends the watching alone: the rebuild goes on, and samspill rebuild status shows it.

Examples:
  samspill rebuild start emergency-ward measurements
  samspill rebuild start emergency-ward measurements --switch
  samspill rebuild start emergency-ward measurements --no-wait --json`;

/** `samspill rebuild start` */
export const rebuildStartCommand = (): Command =>
  aboutReadModel(new Command('start'))
    .description('build the next version of a read model from the log, beside the live one')
    .option('--switch', 'once it has caught up, check it and lead readers to it', false)
    .option('--accept-differences', 'switch although both versions differ', false)
    .option('--no-wait', 'start it and show nothing more')
    .addHelpText('after', helpBelow(examples))
    .action(async (service: OperatedService, projection: string, _: object, command: Command) => {
      const model = { service, projection };
      const options = command.optsWithGlobals<StartOptions>();
      const { version } = await askOne(service, options, {
        path: '/operations/rebuilds/start',
        body: { projection },
        form: startAnswer,
      });
      const tell = (words: string): void => {
        if (options.json) warn(words);
        else say(words);
      };
      tell(`${service} ${projection}: version ${version} is being built`);
      const hasCaughtUp = options.wait && (await followRebuild(model, options));
      if (hasCaughtUp && options.switch) {
        const switched = await orderSwitch(model, options);
        printAnswer(options.json, switched, wordsOfSwitch(model, switched));
        return;
      }
      tell(
        hasCaughtUp
          ? `it has caught up; samspill rebuild switch ${service} ${projection} leads readers to it`
          : `it goes on; see samspill rebuild status ${service} ${projection}`,
      );
      if (options.json) console.log(JSON.stringify({ version }));
    });
