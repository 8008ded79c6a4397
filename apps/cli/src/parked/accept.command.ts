import { Command } from 'commander';
import { z } from 'zod';
import { helpBelow } from '../help-below.ts';
import {
  askOne,
  clientOption,
  serviceOption,
  type OperatedService,
  type OperatorOptions,
} from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { printAnswer } from '../terminal.ts';

interface AcceptOptions extends OperatorOptions {
  readonly service: OperatedService;
  readonly projection: string;
  readonly code: string;
  readonly minutes: number;
}

const acceptAnswer = z.object({ stopsEnded: z.number() });

const examples = `
Many patients rejected with one code in a short time look like a fault of ours: the partition stops, and parks nobody
more. Where it is the data, accept lets the code park as many as it meets, for a while, and the partition goes on.

Examples:
  samspill parked accept --service emergency-ward --projection measurements --code RECORD_UNREADABLE`;

/** `samspill parked accept` */
export const parkedAcceptCommand = (): Command =>
  new Command('accept')
    .description('end a stop: it is the data, park them')
    .addOption(serviceOption().makeOptionMandatory())
    .requiredOption('--projection <name>', 'the projection that stopped')
    .requiredOption('--code <code>', 'the error code that it stopped for')
    .option(
      '--minutes <count>',
      'for how long the code may park anybody',
      wholeNumber(1, 1_440),
      60,
    )
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<AcceptOptions>();
      const { service, projection, code, minutes: forMinutes } = options;
      const answer = await askOne(service, options, {
        path: '/operations/parked/accept',
        body: { projection, code, forMinutes },
        form: acceptAnswer,
      });
      const { stopsEnded } = answer;
      printAnswer(
        options.json,
        answer,
        `${service} ${projection}: for ${forMinutes} minutes ${code} parks whomever it meets; ${stopsEnded} ${stopsEnded === 1 ? 'stop' : 'stops'} ended`,
      );
    });
