import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { meshParts } from './mesh-parts.ts';
import { isWell, partsTable } from './show-parts.ts';

const examples = `
Examples:
  samspill status
  samspill status --json`;

/** `samspill status` */
export const statusCommand = (): Command =>
  new Command('status')
    .description('show every part of the local mesh: address, process, health')
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async ({ json }: { json: boolean }, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const parts = await meshParts(dataDirOf(dataDir));
      if (json) console.log(JSON.stringify(parts, undefined, 2));
      else if (parts.length > 0) console.log(partsTable(parts));
      else console.log('the mesh is down; start it by samspill up');
      if (parts.length === 0 || !parts.every(isWell)) process.exitCode = exitCodes.away;
    });
