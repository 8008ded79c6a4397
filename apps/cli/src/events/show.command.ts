import { isEventId, parsePosition, type EventId, type Position } from '@samspill/kernel';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { withLog } from '../event-log/open-log.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import {
  askEach,
  clientOption,
  serviceOption,
  throwFailures,
  type OperatorOptions,
} from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { eventsSearch } from './events-answer.ts';
import { findEvent } from './find-event.ts';
import { withScanProgress } from './scan-progress.ts';
import { findingText, isShown } from './show-finding.ts';
import { sinceOption, type Since } from './since.ts';

interface ShowOptions extends OperatorOptions {
  readonly since: Since;
}

const examples = `
Says where an event is: where it lies in the log, what became of it in each read model, and last, in plain words, whether
readers see it, why not, and what to do. No patient is in the answer, and nothing that was measured.

By its position an event is read directly. By its id the read models are asked where it lies; the log is looked through from
--since on where none of them knows it. Ends with 1 where readers do not see it.

Examples:
  samspill events show 519a9a2a-5ae5-8765-ac34-4757bd6cfbc1
  samspill events show measurements.measurement.v1:4:35
  samspill events show 519a9a2a-5ae5-8765-ac34-4757bd6cfbc1 --since beginning --json`;

/** `samspill events show` */
export const eventsShowCommand = (): Command =>
  new Command('show')
    .description('where an event is, and why readers see it or do not')
    .addArgument(
      new Argument('<event>', 'its id, or its position topic:partition:offset').argParser(
        eventNamed,
      ),
    )
    .addOption(sinceOption())
    .addOption(serviceOption())
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (which: EventId | Position, _: object, command: Command) => {
      const options = command.optsWithGlobals<ShowOptions>();
      const dataDir = dataDirOf(options.dataDir);
      const { finding, asked } = await untilInterrupted((signal) =>
        withScanProgress((onProgress) =>
          findEvent(which, {
            ask: (body) => askEach(options, eventsSearch(body)),
            askAll: (body) => askEach(ofAllServices(options), eventsSearch(body)),
            withLog: (work) => withLog(dataDir, work),
            since: options.since === 'beginning' ? undefined : options.since,
            ...{ signal, onProgress },
          }),
        ),
      );
      printAnswer(options.json, finding, findingText(finding));
      throwFailures(asked);
      const live = finding.readModels.filter(({ state }) => state === 'live');
      if (!live.every(isShown)) process.exitCode = exitCodes.refused;
    });

const ofAllServices = ({ client, json, dataDir }: ShowOptions): OperatorOptions => ({
  ...{ client, json },
  ...(dataDir !== undefined && { dataDir }),
});

function eventNamed(text: string): EventId | Position {
  const named = isEventId(text) ? text : parsePosition(text);
  if (named !== undefined) return named;
  throw new InvalidArgumentError('It is an event id, or a position topic:partition:offset.');
}
