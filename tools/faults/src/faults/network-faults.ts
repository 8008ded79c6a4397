import type { SeededRandom } from '@samspill/testing';
import { brokerIds, type MeshProxies } from '../mesh/fault-mesh.ts';
import type { NetworkFault } from '../proxy/network-fault.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Area, Fault, Injected } from './fault.ts';

interface Line {
  readonly name: string;
  readonly area: Area;
  readonly pick: (
    proxies: MeshProxies,
    random: SeededRandom,
  ) => { readonly detail: string; readonly proxy: TcpProxy };
}

const lines: readonly Line[] = [
  {
    name: 'broker',
    area: 'brokers',
    pick: ({ brokers }, random) => {
      const id = random.pick(brokerIds);
      return { detail: `broker-${id}`, proxy: brokers[id] };
    },
  },
  {
    name: 'postgres',
    area: 'postgres',
    pick: ({ postgres: proxy }) => ({ detail: 'postgres', proxy }),
  },
  {
    name: 'key-vault',
    area: 'key-vault',
    pick: ({ keyVault: proxy }) => ({ detail: 'both key vaults', proxy }),
  },
];

const kinds: Readonly<Record<NetworkFault['kind'], (random: SeededRandom) => NetworkFault>> = {
  latency: (random) => ({ kind: 'latency', ms: random.whole(20, 400) }),
  bandwidth: (random) => ({ kind: 'bandwidth', bytesPerSecond: random.whole(2_000, 50_000) }),
  'half-open': () => ({ kind: 'half-open' }),
  cut: (random) => ({ kind: 'cut', direction: random.pick(['to-server', 'to-client']) }),
  'drop-responses': (random) => ({ kind: 'drop-responses', afterBytes: random.whole(0, 3_000) }),
  refuse: () => ({ kind: 'refuse' }),
};

const wordsOf = (fault: NetworkFault): string =>
  Object.entries(fault)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ` ${name} ${value}`)
    .join(',');

const holding = (proxy: TcpProxy, detail: string, fault: NetworkFault): Injected => {
  proxy.set(fault);
  return {
    detail: `${detail}${wordsOf(fault)}`,
    heal: () => {
      proxy.set(undefined);
      return Promise.resolve();
    },
  };
};

const kindNames = Object.keys(kinds) as NetworkFault['kind'][];

/** Each kind on each line. */
export const networkFaults: readonly Fault[] = lines.flatMap(({ name, area, pick }): Fault[] => [
  ...kindNames.map((kind): Fault => ({
    name: `${kind}-${name}`,
    areas: [area],
    lastsMs: [1_000, 14_000],
    weight: 0.5,
    inject: ({ mesh, random }) => {
      const { detail, proxy } = pick(mesh.proxies, random);
      return Promise.resolve(holding(proxy, detail, kinds[kind](random)));
    },
  })),
  {
    name: `reset-${name}`,
    areas: [area],
    lastsMs: [0, 0],
    weight: 0.5,
    inject: ({ mesh, random }) => {
      const { detail, proxy } = pick(mesh.proxies, random);
      const count = proxy.connectionCount;
      proxy.reset();
      return Promise.resolve({
        detail: `${detail}: ${count} connections`,
        heal: () => Promise.resolve(),
      });
    },
  },
]);
