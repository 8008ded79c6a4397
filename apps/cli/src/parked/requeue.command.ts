import { Command, Option } from 'commander';
import { z } from 'zod';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { namedPatientHelp, namedPatientOf } from '../named-patient.ts';
import {
  askEach,
  clientOption,
  projectionOption,
  requireServiceOf,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';

interface RequeueOptions extends OperatorOptions {
  readonly projection?: string;
  readonly patient?: string;
  readonly code?: string;
  readonly all?: boolean;
}

const requeueAnswer = z.object({ requeued: z.number() });

const examples = `
Once what was wrong is mended, parked patients are read on from the record that was rejected, while the live stream goes
on. Whoever is rejected again is parked again. samspill lag shows who is catching up.

Examples:
  samspill parked requeue --code EVENT_NOT_PROJECTED
  samspill parked requeue --patient @patient.txt --service emergency-ward
  samspill parked requeue --all`;

/** `samspill parked requeue` */
export const parkedRequeueCommand = (): Command =>
  new Command('requeue')
    .description('read on for parked patients, from the record that was rejected')
    .addOption(new Option('--patient <number>', namedPatientHelp).conflicts(['code', 'all']))
    .addOption(
      new Option('--code <code>', 'all who are parked for this error code').conflicts('all'),
    )
    .option('--all', 'all who are parked')
    .addOption(projectionOption())
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<RequeueOptions>();
      requireServiceOf(options);
      const asked = await askEach(options, {
        path: '/operations/parked/requeue',
        body: { projection: options.projection, ...whom(options) },
        form: requeueAnswer,
      });
      const counts = asked.flatMap(({ service, answer }) =>
        answer ? [{ service, requeued: answer.requeued }] : [],
      );
      printAnswer(options.json, counts, counts.map(words).join('\n'));
      throwFailures(asked);
    });

function whom({ patient, code, all }: RequeueOptions) {
  if (patient !== undefined) return { patients: [namedPatientOf(patient)] };
  if (code !== undefined) return { code };
  if (all) return { all };
  throw new CommandFailure(exitCodes.usage, {
    place: 'samspill parked requeue',
    rule: 'it is said who is read on for',
    mend: 'add --patient, --code or --all',
  });
}

/** A gate is a patient in one version of one read model. */
const words = ({ service, requeued }: { service: string; requeued: number }): string =>
  requeued === 0
    ? `${service}: nobody was parked`
    : `${service}: ${requeued} ${requeued === 1 ? 'gate is' : 'gates are'} catching up; samspill lag shows when it is done`;
