import { Argument, Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import {
  askEach,
  clientOption,
  operatedServices,
  throwFailures,
  type OperatedService,
  type OperatorOptions,
} from '../operated-services.ts';
import { printAnswer } from '../terminal.ts';
import { followRebuild } from './follow-rebuild.ts';
import { versionsTable } from './show-versions.ts';
import { statusAnswer } from './version-status.ts';

interface StatusOptions extends OperatorOptions {
  readonly watch: boolean;
}

const examples = `
Examples:
  samspill rebuild status
  samspill rebuild status emergency-ward measurements
  samspill rebuild status emergency-ward measurements --watch`;

/** `samspill rebuild status` */
export const rebuildStatusCommand = (): Command =>
  new Command('status')
    .description('the versions of read models, and how far each has come')
    .addArgument(new Argument('[service]', 'of this service alone').choices(operatedServices))
    .argument('[projection]', 'of this read model alone')
    .option('--watch', 'show the progress until the version has caught up', false)
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(
      async (
        service: OperatedService | undefined,
        projection: string | undefined,
        _: object,
        command: Command,
      ) => {
        const options = command.optsWithGlobals<StatusOptions>();
        if (options.watch) {
          if (service === undefined || projection === undefined) {
            command.error('error: --watch shows one read model: name SERVICE and PROJECTION');
          }
          if (!(await followRebuild({ service, projection }, options))) return;
        }
        await show({ ...options, ...(service && { service }) }, projection);
      },
    );

async function show(options: OperatorOptions, projection: string | undefined): Promise<void> {
  const asked = await askEach(options, {
    path: '/operations/rebuilds/status',
    body: { projection },
    form: statusAnswer,
  });
  const versions = asked.flatMap(({ service, answer }) =>
    (answer?.versions ?? []).map((one) => ({ service, ...one })),
  );
  printAnswer(options.json, versions, versions.length === 0 ? '' : versionsTable(versions));
  throwFailures(asked);
}
