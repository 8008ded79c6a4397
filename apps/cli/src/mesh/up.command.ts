import { startMesh } from '@samspill/testing';
import { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { dataDirOf } from '../mesh-addresses.ts';
import { isWell } from '../status/mesh-part.ts';
import { meshParts } from '../status/mesh-parts.ts';
import { partsTable } from '../status/show-parts.ts';
import { printAnswer } from '../terminal.ts';
import { startProgress } from './start-progress.ts';

const examples = `
Starts Kafka, schema registry and PostgreSQL (or takes those that KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL
name), applies schemas, then starts the services. All of it goes on in the background until samspill down.

Examples:
  samspill up
  samspill --data-dir /tmp/mesh up --free-ports`;

interface UpOptions {
  readonly freePorts: boolean;
  readonly json: boolean;
}

/** `samspill up` */
export const upCommand = (): Command =>
  new Command('up')
    .description('start the whole mesh on this machine, in the background')
    .option('--free-ports', 'any free ports instead of the usual ones', false)
    .option('--json', 'the parts as JSON, once all are ready', false)
    .addHelpText('after', helpBelow(examples))
    .action(async ({ freePorts, json }: UpOptions, command: Command) => {
      const dataDir = dataDirOf(command.optsWithGlobals<{ dataDir?: string }>().dataDir);
      const parts = await meshParts(dataDir);
      if (parts.some(({ pid, health }) => pid !== null && health !== 'stopped')) {
        alreadyUp(parts, json);
        return;
      }
      const progress = startProgress(json);
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
      const started = await meshParts(dataDir);
      printAnswer(json, { parts: started }, partsTable(started));
    });

function alreadyUp(parts: Awaited<ReturnType<typeof meshParts>>, json: boolean): void {
  const isUp = parts.every(isWell);
  const words = [partsTable(parts), ...(isUp ? ['the mesh is up already'] : [])].join('\n');
  printAnswer(json, { parts }, words);
  if (isUp) return;
  throw new CommandFailure(exitCodes.refused, {
    place: 'the mesh',
    rule: 'it is up as a whole or not at all',
    mend: 'samspill down, then samspill up',
  });
}
