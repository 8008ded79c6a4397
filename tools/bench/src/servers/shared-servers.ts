import type { BenchOptions } from '../frame/benchmark.ts';
import { startServers, type BenchServers } from './start-servers.ts';

/** The same servers for several benchmarks, since starting them takes longer than a quick run. */
export interface SharedServers {
  /** Those that run already where they have the settings asked for; else others. Their `stop` does nothing. */
  readonly servers: BenchOptions['servers'];
  end(): Promise<void>;
}

export function sharedServers(options: Pick<BenchOptions, 'folder' | 'say'>): SharedServers {
  const started = new Map<string, Promise<BenchServers>>();
  return {
    servers: async (brokerSettings = {}) => {
      const name = JSON.stringify(brokerSettings);
      const any = Object.keys(brokerSettings).length === 0 ? [...started.values()][0] : undefined;
      const found = any ?? started.get(name) ?? startServers(options, brokerSettings);
      started.set(name, found);
      return { ...(await found), stop: () => Promise.resolve() };
    },
    end: async () => {
      for (const one of await Promise.allSettled(new Set(started.values()))) {
        if (one.status === 'fulfilled') await one.value.stop();
      }
    },
  };
}
