import { freePort } from '@samspill/local-stack';
import type { ServiceName } from '@samspill/testing';
import { eachService } from './each-service.ts';
import type { BrokerId } from './fault-mesh.ts';

const portCount = 26;

export interface BrokerPorts {
  readonly client: number;
  readonly proxy: number;
  readonly inner: number;
  readonly controller: number;
}

/** Where everything listens, on loopback. */
export interface MeshPorts {
  readonly brokers: Readonly<Record<BrokerId, BrokerPorts>>;
  readonly postgres: number;
  readonly postgresProxy: number;
  readonly registry: number;
  readonly registryManagement: number;
  readonly keyVaultProxy: number;
  /** Of the three instances that there may be. */
  readonly services: Readonly<Record<ServiceName, readonly [number, number, number]>>;
}

export async function chooseMeshPorts(): Promise<MeshPorts> {
  const taken = new Set<number>();
  const ports: number[] = [];
  while (ports.length < portCount) ports.push(await freePort(taken));
  const next = (): number => {
    const port = ports.pop();
    if (port === undefined) throw new RangeError(`more than ${portCount} ports are asked for`);
    return port;
  };
  const broker = (): BrokerPorts => ({
    client: next(),
    proxy: next(),
    inner: next(),
    controller: next(),
  });
  return {
    brokers: { 1: broker(), 2: broker(), 3: broker() },
    postgres: next(),
    postgresProxy: next(),
    registry: next(),
    registryManagement: next(),
    keyVaultProxy: next(),
    services: eachService(() => [next(), next(), next()]),
  };
}
