import { Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import { patientOptionHelp } from '../patient-number.ts';
import { payloadsHelp } from '../payloads/read-payloads.ts';
import { identityOption, judgeFiles, showVerdicts, type JudgeOptions } from './judge-files.ts';

interface CheckOptions extends JudgeOptions {
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
    .argument('<file...>', payloadsHelp)
    .addOption(identityOption())
    .option('--patient <number>', `as the header nhn-patient-nin: ${patientOptionHelp}`)
    .option('--organisation <orgnr>', 'organisation number of the caller', '310000019')
    .option('--json', 'verdicts as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (files: string[], options: CheckOptions) => {
      showVerdicts(await judgeFiles(files, options), options.json);
    });
