import { stopRunningMesh } from '@samspill/testing';
import { Command } from 'commander';
import { helpBelow } from '../exit-codes.ts';
import { dataDirOf } from '../mesh-addresses.ts';

/** `samspill down` */
export const downCommand = (): Command =>
  new Command('down')
    .description('stop the local mesh that samspill up started; its data stays')
    .addHelpText('after', helpBelow())
    .action(async (_options: object, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const ran = await stopRunningMesh(dataDirOf(dataDir));
      console.log(ran ? 'the mesh is stopped' : 'nothing ran');
    });
