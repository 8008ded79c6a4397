import { Command, Option } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { withLog } from '../event-log/open-log.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { namedPatientHelp, namedPatientOf } from '../named-patient.ts';
import {
  answersOf,
  askEach,
  clientOption,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { wholeNumber } from '../option-values.ts';
import { printAnswer } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { callEvents, callEventsText } from './call-events.ts';
import { eventsSearch } from './events-answer.ts';
import { patientEvents } from './patient-events.ts';
import { withScanProgress } from './scan-progress.ts';
import { patientEventsText } from './show-patient-events.ts';
import { sinceOption, type Since } from './since.ts';

interface FindOptions extends OperatorOptions {
  readonly patient?: string;
  readonly request?: string;
  readonly since: Since;
  readonly limit: number;
}

const examples = `
Whoever has a patient and a time finds the events here, and whoever has the id of a call (nhn-event-id, which every answer
of the intake carries) what came of it. What was measured stays sealed: an event is known by when it was recorded. Ends with
1 where nothing is found.

Examples:
  samspill events find --patient @patient.txt
  samspill events find --patient @patient.txt --since 2h
  samspill events find --request 3f2c9a52-84d0-4b0e-9d2c-0b8a5e1f6c11`;

/** `samspill events find` */
export const eventsFindCommand = (): Command =>
  new Command('find')
    .description('the events of one patient, or of one call to the intake')
    .addOption(new Option('--patient <number>', namedPatientHelp).conflicts('request'))
    .option('--request <id>', 'id of the call, nhn-event-id')
    .addOption(sinceOption())
    .option(
      '--limit <count>',
      'of a patient, of each read model at most',
      wholeNumber(1, 1_000),
      20,
    )
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<FindOptions>();
      const since = options.since === 'beginning' ? undefined : options.since;
      if (options.patient !== undefined) await findOfPatient(options.patient, options, since);
      else if (options.request !== undefined) await findOfCall(options.request, options, since);
      else {
        throw new CommandFailure(exitCodes.usage, {
          place: 'find',
          rule: 'it is said what is looked for',
          mend: 'add --patient or --request',
        });
      }
    });

async function findOfPatient(
  named: string,
  options: FindOptions,
  since: Date | undefined,
): Promise<void> {
  const question = eventsSearch({ patient: namedPatientOf(named), limit: options.limit });
  const asked = await askEach(options, question);
  // Whoever did not answer may hold what the others do not.
  if (answersOf(asked).length === 0) throwFailures(asked);
  const found = patientEvents(asked, since);
  printAnswer(options.json, found, patientEventsText(found, { since, limit: options.limit }));
  throwFailures(asked);
  if (found.events.length === 0) process.exitCode = exitCodes.refused;
}

async function findOfCall(
  requestId: string,
  { json, dataDir }: FindOptions,
  since: Date | undefined,
): Promise<void> {
  const found = await untilInterrupted((signal) =>
    withScanProgress((onProgress) =>
      withLog(dataDirOf(dataDir), (opened) =>
        callEvents(opened, requestId, { since, signal, onProgress }),
      ),
    ),
  );
  printAnswer(json, found, callEventsText(found, requestId, since));
  if (found.events.length === 0) process.exitCode = exitCodes.refused;
}
