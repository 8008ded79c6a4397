import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dataProducts } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import {
  choosePostgresUrl,
  obtainPrograms,
  registryUrl,
  ServerGroup,
  startReaper,
  type ServerPlan,
} from '@samspill/local-stack';
import { applySchemas } from '@samspill/schema-registry';
import { serviceDatabases, serviceNames, type ServiceName } from '@samspill/testing';
import { ordersSignal, writeOrders } from '../inside/orders.ts';
import { startProxy } from '../proxy/tcp-proxy.ts';
import { eachService } from './each-service.ts';
import {
  brokerIds,
  type BrokerName,
  type FaultMesh,
  type MeshProxies,
  type PartName,
} from './fault-mesh.ts';
import { ordersFile, planInstances } from './instance-plans.ts';
import { chooseMeshPorts, type MeshPorts } from './mesh-ports.ts';
import { Parts } from './parts.ts';
import { onSmallDisk } from './small-disk.ts';
import { planBrokers, planDatabase, planSchemaRegistry } from './server-plans.ts';

export interface FaultMeshOptions {
  /** Empty or absent; logs of all parts come to `logs/`. */
  readonly dataDir: string;
  /** Those that are started, two instances each; all unless told. */
  readonly services?: readonly ServiceName[];
  readonly onProgress?: (text: string) => void;
}

/** Starts everything and resolves when each part is ready. Ends what was started when one fails. */
export async function startFaultMesh(options: FaultMeshOptions): Promise<FaultMesh> {
  const { services = serviceNames, onProgress = () => undefined } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(join(dataDir, 'orders'), { recursive: true });
  const programs = await obtainPrograms((part) => onProgress(`${part}: downloading`));
  const ports = await chooseMeshPorts();
  const databaseUrl = await choosePostgresUrl(join(dataDir, 'postgres'), ports.postgres);
  const ground = { ...programs, dataDir, ports, databaseUrl };
  const endings = new EventEmitter<{ ended: [PartName] }>();
  const parts = new Parts(new ServerGroup<PartName>(startReaper()), (part) =>
    endings.emit('ended', part),
  );
  const proxies = await startProxies(ports);
  const stop = async (): Promise<void> => {
    await parts.stop();
    await Promise.all(allOf(proxies).map((proxy) => proxy.close()));
  };
  const start = async (plan: ServerPlan<PartName>): Promise<void> => {
    const since = performance.now();
    await parts.start(plan);
    onProgress(`${plan.part}: ready after ${Math.round(performance.now() - since)} ms`);
  };
  try {
    const { brokers, smallDisk } = await withSmallDisk(await planBrokers(ground), (part) =>
      parts.pidOf(part),
    );
    await allSettled([
      ...brokers.map(start),
      planDatabase(ground)
        .then(start)
        .then(async () => start(await planSchemaRegistry(ground))),
    ]);
    const directBrokers = brokerIds.map((id) => `127.0.0.1:${ports.brokers[id].inner}`);
    await applySchemas({ registryUrl: registryUrl(ports.registry), products: dataProducts });
    await ensureTopics(directBrokers, dataProducts.map(replicated));
    const databaseUrls = await serviceDatabases(databaseUrl);
    const instances = planInstances({ dataDir, ports, databaseUrls });
    for (const plan of instances) parts.plan(plan);
    // The first of each migrates its database and makes its secrets, the second finds them.
    for (const number of [1, 2] as const) {
      const wanted = services.map((service): PartName => `${service}-${number}`);
      const some = instances.filter(({ part }) => wanted.includes(part));
      await allSettled(some.map(start));
    }
    return {
      brokers: brokerIds.map((id) => `127.0.0.1:${ports.brokers[id].proxy}`),
      directBrokers,
      registryUrl: registryUrl(ports.registry),
      databaseUrls,
      urls: urlsOf(ports),
      keyVaultUrl: `http://127.0.0.1:${ports.keyVaultProxy}`,
      dataDir,
      java: programs.java,
      kafkaJars: programs.kafkaJars,
      proxies,
      smallDisk,
      pidOf: (part) => parts.pidOf(part),
      kill: (part, signal) => parts.kill(part, signal),
      expectEnd: (part) => parts.expectEnd(part),
      order: (instance, orders) => {
        writeOrders(ordersFile(dataDir, instance), orders);
        parts.kill(instance, ordersSignal);
      },
      restart: (part) => parts.restart(part),
      onEnded: (tell) => {
        endings.on('ended', tell);
        return () => void endings.off('ended', tell);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first broker moves to a disk of its own; where that is not possible the disk is the reason. */
async function withSmallDisk(
  [first, ...others]: readonly ServerPlan<BrokerName>[],
  pidOf: (part: PartName) => number | undefined,
): Promise<{ brokers: ServerPlan<BrokerName>[]; smallDisk: FaultMesh['smallDisk'] }> {
  if (first === undefined) throw new RangeError('there is no broker');
  try {
    const { plan, disk } = await onSmallDisk(first, () => pidOf(first.part));
    return { brokers: [plan, ...others], smallDisk: disk };
  } catch (error) {
    return { brokers: [first, ...others], smallDisk: String(error) };
  }
}

const replicated = <Topic extends object>(topic: Topic) => ({
  ...topic,
  replicationFactor: brokerIds.length,
  config: { 'min.insync.replicas': '2' },
});

async function startProxies(ports: MeshPorts): Promise<MeshProxies> {
  const vaults = ports.services['key-vault'];
  const [one, two, three, postgres, keyVault] = await Promise.all([
    startProxy(ports.brokers[1].proxy, [ports.brokers[1].client]),
    startProxy(ports.brokers[2].proxy, [ports.brokers[2].client]),
    startProxy(ports.brokers[3].proxy, [ports.brokers[3].client]),
    startProxy(ports.postgresProxy, [ports.postgres]),
    startProxy(ports.keyVaultProxy, [vaults[0], vaults[1]]),
  ]);
  return { brokers: { 1: one, 2: two, 3: three }, postgres, keyVault };
}

const allOf = ({ brokers, postgres, keyVault }: MeshProxies) => [
  ...Object.values(brokers),
  postgres,
  keyVault,
];

const urlsOf = (ports: MeshPorts): FaultMesh['urls'] =>
  eachService((name) => ports.services[name].slice(0, 2).map((port) => `http://127.0.0.1:${port}`));

/** All to their end, whatever happens to one: only then is every process known that has to be ended. */
async function allSettled(works: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
