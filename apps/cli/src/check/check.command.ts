import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { patientNumberOf, patientOptionHelp } from '../patient-number.ts';
import { judgeFile } from './judge-file.ts';
import { verdictSummary, verdictTable } from './show-verdicts.ts';

interface CheckOptions {
  readonly identity: 'strict' | 'lenient';
  readonly patient?: string;
  readonly organisation: string;
  readonly json: boolean;
}

const examples = `
Examples:
  samspill check bundle.json
  samspill check --identity strict --json outbox/*.json
  samspill check --patient @patient.txt observation.json`;

/** `samspill check FILE…` */
export const checkCommand = (): Command =>
  new Command('check')
    .description(
      'say what the intake of measurements would say of payload files; publishes nothing',
    )
    .argument('<file...>', 'FHIR Bundle or Observation as JSON')
    .addOption(
      new Option('--identity <mode>', 'how national ids are judged')
        .choices(['strict', 'lenient'])
        .env('SAMSPILL_IDENTITY')
        .default('lenient'),
    )
    .option('--patient <number>', `as the header nhn-patient-nin: ${patientOptionHelp}`)
    .option('--organisation <orgnr>', 'organisation number of the caller', '310000019')
    .option('--json', 'verdicts as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action((files: string[], options: CheckOptions) => {
      const context = {
        identity: options.identity,
        now: new Date(),
        orgnrParent: options.organisation,
        sendsFor: [],
        ...(options.patient !== undefined && { patientHeader: patientNumberOf(options.patient) }),
      };
      const verdicts = files.flatMap((file) => judgeFile(file, context));
      if (options.json) {
        console.log(JSON.stringify(verdicts, undefined, 2));
      } else {
        console.log(verdictTable(verdicts));
        console.log(verdictSummary(verdicts));
      }
      if (verdicts.some(({ outcome }) => outcome === 'refused'))
        process.exitCode = exitCodes.refused;
    });
