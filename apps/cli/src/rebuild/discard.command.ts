import { Command } from 'commander';
import { z } from 'zod';
import { helpBelow } from '../help-below.ts';
import { askOne, type OperatedService, type OperatorOptions } from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { printAnswer } from '../terminal.ts';
import { aboutReadModel } from './rebuild-arguments.ts';

const discardAnswer = z.object({ discarded: z.number() });

const examples = `
Its tables are dropped; readers do not see it, and what they see is never discarded. After the version before is
discarded there is no roll-back: samspill rebuild start builds it anew.

Examples:
  samspill rebuild discard emergency-ward measurements 1`;

/** `samspill rebuild discard` */
export const rebuildDiscardCommand = (): Command =>
  aboutReadModel(new Command('discard'))
    .description('drop a version that readers do not see')
    .argument('<version>', 'its number; samspill rebuild status shows it', wholeNumber(1, 999_999))
    .addHelpText('after', helpBelow(examples))
    .action(
      async (
        service: OperatedService,
        projection: string,
        version: number,
        _: object,
        command: Command,
      ) => {
        const options = command.optsWithGlobals<OperatorOptions>();
        const answer = await askOne(service, options, {
          path: '/operations/rebuilds/discard',
          body: { projection, version },
          form: discardAnswer,
        });
        printAnswer(
          options.json,
          answer,
          `${service} ${projection}: version ${answer.discarded} is discarded`,
        );
      },
    );
