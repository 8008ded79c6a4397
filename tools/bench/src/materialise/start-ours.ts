import { join } from 'node:path';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { Loaded } from '../rows/loading.ts';
import type { BenchServers } from '../servers/start-servers.ts';
import type { OursOrders, OursSetting } from './ours-orders.ts';

export const startOurs = (
  { stack, databaseUrl, keyVaultUrl }: BenchServers,
  { folder, isProfiled, signal }: Pick<BenchOptions, 'folder' | 'isProfiled' | 'signal'>,
  { topic, form }: Pick<Loaded, 'topic'> & { readonly form: OursSetting['form'] },
): Promise<Program<OursOrders>> => {
  const { kafkaBrokers, schemaRegistryUrl } = stack;
  const setting: OursSetting = {
    ...{ kafkaBrokers, schemaRegistryUrl, databaseUrl, keyVaultUrl },
    ...{ topic, form },
  };
  return startProgram<OursOrders>({
    name: `ours-${form}`,
    file: join(import.meta.dirname, 'ours.program.ts'),
    ...{ setting, folder, isProfiled, signal },
  });
};
