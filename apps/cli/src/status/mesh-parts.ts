import { join } from 'node:path';
import { findRunningStack, type RunningStack } from '@samspill/local-stack';
import { findRunningMesh, serviceNames } from '@samspill/testing';
import { meshAddresses, type MeshAddresses } from '../mesh-addresses.ts';
import { lastErrorIn } from './last-error.ts';
import type { MeshPart } from './mesh-part.ts';
import {
  brokerHealth,
  databaseHealth,
  registryHealth,
  serviceHealth,
  type Health,
} from './part-health.ts';

/** Every part whose address the environment names, or that `samspill up` started; empty where there is none. */
export async function meshParts(dataDir: string): Promise<MeshPart[]> {
  const [addresses, stack, mesh] = await Promise.all([
    meshAddresses(dataDir),
    findRunningStack(dataDir),
    findRunningMesh(dataDir),
  ]);
  const servers = serversAt(addresses).map(async (server): Promise<MeshPart> => {
    const { name, address } = server;
    const isOwn = stack !== undefined && ownAddress(stack, name).includes(server.whole);
    const process = isOwn ? stack.parts.find((part) => part.name === name) : undefined;
    const health = process?.running === false ? stopped : await server.health();
    return { name, kind: 'server', address, pid: process?.pid ?? null, ...health, lastError: null };
  });
  const services = serviceNames.flatMap((name) => {
    const address = addresses.services[name];
    if (address === undefined) return [];
    const isOwn = mesh?.urls[name] === address;
    const process = isOwn ? mesh.services.find((one) => one.name === name) : undefined;
    return [serviceAt({ name, address, dataDir, process })];
  });
  return Promise.all([...servers, ...services]);
}

const stopped: Health = { health: 'stopped', lacks: [] };

async function serviceAt(service: {
  readonly name: string;
  readonly address: string;
  readonly dataDir: string;
  /** Where samspill up started it. */
  readonly process: { readonly pid: number; readonly running: boolean } | undefined;
}): Promise<MeshPart> {
  const { name, address, dataDir, process } = service;
  const [health, lastError] = await Promise.all([
    process?.running === false ? stopped : serviceHealth(address),
    process === undefined ? null : lastErrorIn(join(dataDir, 'logs', `${name}.log`)),
  ]);
  return { name, kind: 'service', address, pid: process?.pid ?? null, ...health, lastError };
}

type ServerName = RunningStack['parts'][number]['name'];

interface Server {
  readonly name: ServerName;
  /** As it is shown. */
  readonly address: string;
  /** As it is compared. */
  readonly whole: string;
  readonly health: () => Promise<Health>;
}

/** The servers whose address is known, each broker of its own. */
export function serversAt({
  kafkaBrokers,
  databaseUrl,
  schemaRegistryUrl,
}: MeshAddresses): Server[] {
  const servers: Server[] = kafkaBrokers.map((address) => {
    return { name: 'kafka', address, whole: address, health: () => brokerHealth(address) };
  });
  if (databaseUrl !== undefined) {
    const health = (): Promise<Health> => databaseHealth(databaseUrl);
    servers.push({ name: 'postgres', address: hostOf(databaseUrl), whole: databaseUrl, health });
  }
  if (schemaRegistryUrl !== undefined) {
    const [address, health] = [schemaRegistryUrl, () => registryHealth(schemaRegistryUrl)];
    servers.push({ name: 'registry', address, whole: address, health });
  }
  return servers;
}

/** Without user and password. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'DATABASE_URL');

const ownAddress = (stack: RunningStack, name: ServerName): readonly string[] =>
  ({
    kafka: stack.kafkaBrokers,
    postgres: [stack.databaseUrl],
    registry: [stack.schemaRegistryUrl],
  })[name];
