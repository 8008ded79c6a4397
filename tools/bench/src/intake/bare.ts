import { join } from 'node:path';
import { measurements } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { freePort } from '@samspill/local-stack';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { BenchServers } from '../servers/start-servers.ts';
import type { Door } from './door.ts';

export interface BareSetting {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly port: number;
}

export type BareOrders = { readonly end: () => Promise<void> };

const topic = 'bench.bare-intake';

/** Starts the peer, with a topic of as many partitions as that of the measurements. */
export async function startBare(
  { stack: { kafkaBrokers: brokers } }: BenchServers,
  { folder, signal }: Pick<BenchOptions, 'folder' | 'signal'>,
): Promise<{ door: Door; program: Program<BareOrders> }> {
  await ensureTopics(brokers, [{ topic, partitions: measurements.partitions }]);
  const port = await freePort(new Set());
  const setting: BareSetting = { brokers, topic, port };
  const file = join(import.meta.dirname, 'bare.program.ts');
  const program = await startProgram<BareOrders>({ name: 'bare', file, setting, folder, signal });
  return { program, door: { url: `http://127.0.0.1:${port}`, path: '/', topic } };
}
