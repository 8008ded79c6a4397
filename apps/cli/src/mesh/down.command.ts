import { stopRunningMesh } from '@samspill/testing';
import { Command } from 'commander';
import { helpBelow } from '../help-below.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { printAnswer } from '../terminal.ts';

const examples = `
Examples:
  samspill down
  samspill --data-dir /tmp/mesh down`;

/** `samspill down` */
export const downCommand = (): Command =>
  new Command('down')
    .description('stop the local mesh that samspill up started; its data stays')
    .option('--json', 'as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async ({ json }: { json: boolean }, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const ran = await stopRunningMesh(dataDirOf(dataDir));
      printAnswer(json, { ran }, ran ? 'the mesh is stopped' : 'nothing ran');
    });
