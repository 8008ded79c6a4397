import { Command } from 'commander';
import { formatProblem } from '@samspill/schema-source';
import { exitCodes, helpBelow } from '../exit-codes.ts';
import { checkout, dataDirOf, registryUrlOf } from '../mesh-addresses.ts';
import { colours } from '../terminal.ts';
import { checkEverything } from './check-everything.ts';

interface CheckOptions {
  readonly base: string;
  readonly root: string;
  readonly registry: boolean;
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
    .addHelpText('after', helpBelow(examples))
    .action(async (options: CheckOptions, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const registryUrl = options.registry ? await registryUrlOf(dataDirOf(dataDir)) : undefined;
      const { problems, what } = await checkEverything(options.root, options.base, registryUrl);
      if (problems.length === 0) {
        console.log(`nothing stands against ${what}`);
        return;
      }
      for (const problem of problems) {
        console.log(`${colours.red('refused')}  ${formatProblem(problem)}`);
      }
      console.log(`${problems.length} problems in ${what}`);
      process.exitCode = exitCodes.refused;
    });
