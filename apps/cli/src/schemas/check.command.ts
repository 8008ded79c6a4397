import { Command } from 'commander';
import { toldProblem } from '@samspill/kernel';
import type { CommandProblem } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { checkout, dataDirOf, meshAddresses } from '../mesh-addresses.ts';
import { colours, printAnswer } from '../terminal.ts';
import { checkEverything, commandProblem } from './check-everything.ts';

interface CheckOptions {
  readonly base: string;
  readonly root: string;
  readonly registry: boolean;
  readonly json: boolean;
}

const examples = `
Takes the registry that SCHEMA_REGISTRY_URL names, or that of a mesh which samspill up started.

Examples:
  samspill schemas check
  samspill schemas check --base origin/main --no-registry`;

/** `samspill schemas check` */
export const schemasCheckCommand = (): Command =>
  new Command('check')
    .description(
      'say whether the schemas may be released: against their rules, a commit and the registry',
    )
    .option('--base <commit>', 'commit to compare with', 'HEAD')
    .option('--root <folder>', 'another checkout than this one', checkout)
    .option('--no-registry', 'ask no registry')
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (options: CheckOptions, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const { schemaRegistryUrl } = await meshAddresses(dataDirOf(dataDir));
      const registryUrl = options.registry ? schemaRegistryUrl : undefined;
      const { problems, what } = await checkEverything(options.root, options.base, registryUrl);
      const found = problems.map(commandProblem);
      printAnswer(options.json, { checked: what, problems: found }, wordsOf(found, what));
      if (found.length > 0) process.exitCode = exitCodes.refused;
    });

const wordsOf = (problems: readonly CommandProblem[], what: string): string =>
  problems.length === 0
    ? `nothing stands against ${what}`
    : [
        ...problems.map((one) => `${colours.red('refused')}  ${toldProblem(one)}`),
        `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${what}`,
      ].join('\n');
