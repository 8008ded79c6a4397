import { join } from 'node:path';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startProgram } from '../programs/start-program.ts';
import type { BenchServers } from '../servers/start-servers.ts';
import type { Load, Loaded, LoaderOrders, LoaderSetting, RowForm } from './loading.ts';

/** Fills a topic of each form with the same rows, one after the other. */
export async function loadTopics(
  { stack, keyVaultUrl }: BenchServers,
  { folder, signal, say }: BenchOptions,
  { rows, patients }: Pick<Load, 'rows' | 'patients'>,
  forms: readonly RowForm[],
  /** Of the benchmark: no other one uses its topics. */
  name: string,
): Promise<Map<RowForm, Loaded>> {
  const { kafkaBrokers, schemaRegistryUrl } = stack;
  const setting: LoaderSetting = { kafkaBrokers, schemaRegistryUrl, keyVaultUrl };
  const file = join(import.meta.dirname, 'load.program.ts');
  const loader = await startProgram<LoaderOrders>({
    name: 'loader',
    file,
    setting,
    folder,
    signal,
  });
  const loaded = new Map<RowForm, Loaded>();
  try {
    for (const form of forms) {
      const began = performance.now();
      const topic = `bench.${name}-${form}.of-${patients}-patients`;
      loaded.set(form, await loader.tell('load', { topic, form, rows, patients }));
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      say(`${rows} rows of ${patients} patients on the log as ${form}: ${seconds} s`);
    }
  } finally {
    await loader.end();
  }
  return loaded;
}
