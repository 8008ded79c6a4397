import { join } from 'node:path';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startProgram } from '../programs/start-program.ts';
import type { Loaded, LoaderOrders, LoaderSetting } from '../rows/loading.ts';
import type { BenchServers } from '../servers/start-servers.ts';

/** How much a read model has to read; judged against one another. */
export type SizeName = 'all' | 'a tenth' | 'a hundredth';
export type Sizes = ReadonlyMap<SizeName, number>;

/** Fills a topic of each size with sealed rows. */
export async function loadSizes(
  { stack, keyVaultUrl }: Pick<BenchServers, 'stack' | 'keyVaultUrl'>,
  { folder, signal, say }: Pick<BenchOptions, 'folder' | 'signal' | 'say'>,
  sizes: Sizes,
  patients: number,
): Promise<ReadonlyMap<SizeName, Loaded>> {
  const { kafkaBrokers, schemaRegistryUrl } = stack;
  const setting: LoaderSetting = { kafkaBrokers, schemaRegistryUrl, keyVaultUrl };
  const file = join(import.meta.dirname, '../rows/load.program.ts');
  const start = { name: 'loader', file, setting, folder, signal };
  const loader = await startProgram<LoaderOrders>(start);
  const loaded = new Map<SizeName, Loaded>();
  try {
    for (const [name, rows] of sizes) {
      const topic = `bench.growth.of-${rows}-rows`;
      loaded.set(name, await loader.tell('load', { topic, form: 'sealed', rows, patients }));
      say(`${rows} sealed events on the log`);
    }
  } finally {
    await loader.end();
  }
  return loaded;
}
