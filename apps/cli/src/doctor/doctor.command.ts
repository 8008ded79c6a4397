import { findRunningStack } from '@samspill/local-stack';
import { findRunningMesh } from '@samspill/testing';
import { Argument, Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf, meshAddresses } from '../mesh-addresses.ts';
import { clientOption, type OperatorOptions } from '../operated-services.ts';
import { outputSize } from '../screen/live-screen.ts';
import { printAnswer } from '../terminal.ts';
import type { Surroundings } from './check.ts';
import { allChecks, checksWorthwhile } from './all-checks.ts';
import { checksProgress } from './checks-progress.ts';
import { runChecks } from './run-checks.ts';
import { findingsText } from './show-findings.ts';

const limitMs = 10_000;

const examples = `
Looks at this machine (Node, Java, downloads, disk, memory, ports, what a killed run left), and at the mesh that samspill up
started or the environment names (servers, topics, schemas, migrations, services, clocks, lag). Changes nothing. Each
warning and each problem comes with what mends it. Ends with 1 where there is a problem, with 0 where there are warnings.

Examples:
  samspill doctor
  samspill doctor java ports
  samspill doctor --json`;

/** `samspill doctor [CHECK…]` */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('what is wrong with this machine or the mesh, and how to mend it')
    .addArgument(new Argument('[check...]', 'these alone, by the name that the answer shows'))
    .addOption(clientOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (names: string[], _: object, command: Command) => {
      const options = command.optsWithGlobals<OperatorOptions>();
      const surroundings = await surroundingsOf(options);
      const { checks, answers } = allChecks(surroundings);
      const unknown = names.find((one) => !checks.some(({ name }) => name === one));
      if (unknown !== undefined) {
        const known = checks.map(({ name }) => name).join(', ');
        command.error(`error: there is no check '${unknown}'. There are: ${known}`);
      }
      const asked =
        names.length === 0
          ? checksWorthwhile(checks, surroundings)
          : checks.filter(({ name }) => names.includes(name));
      const progress = checksProgress(asked.length);
      const findings = await runChecks(asked, { limitMs, answers, onDone: progress.show });
      progress.end();
      printAnswer(options.json, { findings }, findingsText(findings, outputSize().columns));
      if (findings.some(({ verdict }) => verdict === 'problem')) {
        process.exitCode = exitCodes.refused;
      }
    });

async function surroundingsOf(operator: OperatorOptions): Promise<Surroundings> {
  const dataDir = dataDirOf(operator.dataDir);
  const [addresses, stack, mesh] = await Promise.all([
    meshAddresses(dataDir),
    findRunningStack(dataDir),
    findRunningMesh(dataDir),
  ]);
  const runs = stack !== undefined || mesh !== undefined;
  return { env: process.env, dataDir, addresses, runs, operator };
}
