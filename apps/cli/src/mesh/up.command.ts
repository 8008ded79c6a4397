import { startMesh } from '@samspill/testing';
import { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes, helpBelow } from '../exit-codes.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { meshParts } from './mesh-parts.ts';
import { isWell, partsTable } from './show-parts.ts';
import { startProgress } from './start-progress.ts';

const examples = `
Starts Kafka, schema registry and PostgreSQL (or takes those that KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL
name), applies schemas, then starts the services. All of it goes on in the background until samspill down.

Examples:
  samspill up
  samspill --data-dir /tmp/mesh up --free-ports`;

/** `samspill up` */
export const upCommand = (): Command =>
  new Command('up')
    .description('start the whole mesh on this machine, in the background')
    .option('--free-ports', 'any free ports instead of the usual ones', false)
    .addHelpText('after', helpBelow(examples))
    .action(async ({ freePorts }: { freePorts: boolean }, command: Command) => {
      const dataDir = dataDirOf(command.optsWithGlobals<{ dataDir?: string }>().dataDir);
      const parts = await meshParts(dataDir);
      if (parts.some(({ running }) => running)) {
        alreadyUp(parts);
        return;
      }
      const progress = startProgress();
      try {
        await startMesh({
          dataDir,
          detached: true,
          onProgress: (step) => progress.show(step),
          ...(freePorts && { ports: 'free' as const }),
        });
      } catch (error) {
        await progress.end(true);
        throw error;
      }
      await progress.end(false);
      console.log(partsTable(await meshParts(dataDir)));
    });

function alreadyUp(parts: Awaited<ReturnType<typeof meshParts>>): void {
  console.log(partsTable(parts));
  if (parts.every(isWell)) {
    console.log('the mesh is up already');
    return;
  }
  throw new CommandFailure(
    exitCodes.refused,
    'the mesh: does not hold: it is up as a whole or not at all. To mend: samspill down, then samspill up.',
  );
}
