import { Command } from 'commander';
import {
  identityOption,
  judgeFiles,
  showVerdicts,
  type JudgeOptions,
} from '../check/judge-files.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { requireIntake } from '../intake/require-intake.ts';
import { dataDirOf, serviceUrl } from '../mesh-addresses.ts';
import { wholeNumber } from '../option-values.ts';
import { patientNumberOf, patientOptionHelp } from '../patient-number.ts';
import { payloadsHelp, readPayloads, requireOneStdin } from '../payloads/read-payloads.ts';
import { say } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { publishPayloads, type PublishEnd } from './publish-payloads.ts';
import { sentProgress } from './sent-progress.ts';
import { emptyTally, entriesOf, sentLines, tallyLine } from './show-sent.ts';

interface PublishCommandOptions extends JudgeOptions {
  readonly concurrency: number;
  readonly tries: number;
  readonly url?: string;
  readonly client: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const examples = `
Sends payloads to the intake of measurements as a hub does, in their order, and says of each entry what became of it: its
event id and position go into samspill events show. What may pass by itself (503, 429, a cut line) is sent again; that is
safe, since a resend is the same event. What is refused is not. Ctrl-C ends after the payload that is on its way.

Examples:
  samspill publish bundle.json
  samspill publish --dry-run outbox/*.json
  samspill publish --json - < observations.ndjson
  samspill publish --patient @patient.txt observation.json`;

/** `samspill publish FILE…` */
export const publishCommand = (): Command =>
  new Command('publish')
    .description('send measurements to the intake, and see what became of each')
    .argument('<file...>', payloadsHelp)
    .option('--dry-run', 'send nothing: say what the intake would say, as samspill check', false)
    .option('--patient <number>', `as the header nhn-patient-nin: ${patientOptionHelp}`)
    .option(
      '--concurrency <count>',
      'payloads on their way at once; above 1 in no order',
      wholeNumber(1, 64),
      1,
    )
    .option('--tries <count>', 'sends of one payload at most', wholeNumber(1, 100), 10)
    .option('--url <url>', 'of the measurements service; else MEASUREMENTS_URL or the local mesh')
    .option('--client <id>', 'client that sends', 'home-hub')
    .addOption(identityOption())
    .option(
      '--organisation <orgnr>',
      'with --dry-run: organisation number of the caller',
      '310000019',
    )
    .option('--json', 'a line of JSON for each entry', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (files: string[], options: PublishCommandOptions, command: Command) => {
      if (options.dryRun) {
        showVerdicts(await judgeFiles(files, options), options.json);
        return;
      }
      requireOneStdin(files, options.patient);
      const patient = options.patient === undefined ? undefined : patientNumberOf(options.patient);
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const given = options.url;
      const url = await serviceUrl('measurements', { given, dataDir: dataDirOf(dataDir) });
      await requireIntake(url);
      process.exitCode = await publish(files, { ...options, url, patient });
    });

type Publishing = Omit<PublishCommandOptions, 'patient'> & {
  readonly url: string;
  readonly patient: string | undefined;
};

async function publish(files: readonly string[], options: Publishing): Promise<ExitCode> {
  const tally = emptyTally();
  let payloads = 0;
  const progress = sentProgress(files.length);
  const end = await untilInterrupted((signal) =>
    publishPayloads({
      url: options.url,
      clientId: options.client,
      sourceSystem: 'samspill publish',
      patient: options.patient,
      triesMax: options.tries,
      signal,
      payloads: readPayloads(files, signal),
      concurrency: options.concurrency,
      onSent: (payload, sent) => {
        payloads += 1;
        const entries = entriesOf(payload, sent);
        for (const { outcome } of entries) tally[outcome] += 1;
        progress.show(
          payload.file,
          options.json ? entries.map((entry) => JSON.stringify(entry)) : entries.flatMap(sentLines),
        );
      },
    }),
  ).finally(() => progress.end());
  if (!options.json)
    say(`${payloads} ${payloads === 1 ? 'payload' : 'payloads'}: ${tallyLine(tally)}`);
  assertAllSent(end, options.url);
  if (tally.unclear > 0) return exitCodes.away;
  return tally.refused > 0 ? exitCodes.refused : exitCodes.done;
}

function assertAllSent(end: PublishEnd, url: string): void {
  const again = 'publish the same again: what was taken in is held already';
  if (end === 'interrupted') {
    throw new CommandFailure(exitCodes.refused, {
      place: 'publish, which was ended early',
      rule: 'everything is sent',
      mend: again,
    });
  }
  if (end === 'intake away') {
    throw new CommandFailure(exitCodes.away, {
      place: `${url}, which answers no more; nothing further was sent`,
      rule: 'the intake answers',
      mend: `see samspill status, then ${again}`,
    });
  }
}
