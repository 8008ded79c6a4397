import { join, resolve } from 'node:path';
import { findRunningStack } from '@samspill/local-stack';
import { defaultDataDir, findRunningMesh, serviceNames, type ServiceName } from '@samspill/testing';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

/** The checkout that this program is part of. */
export const checkout = join(import.meta.dirname, '../../..');

/** Where `samspill up` keeps data, secrets and logs. */
export const dataDirOf = (option: string | undefined): string =>
  // Whole, since the services run in another folder.
  option === undefined ? defaultDataDir(checkout) : resolve(option);

const settings: Record<ServiceName, string> = {
  'key-vault': 'KEY_VAULT_URL',
  measurements: 'MEASUREMENTS_URL',
  'emergency-ward': 'EMERGENCY_WARD_URL',
};

/** Where the parts of the mesh are; what is not known is absent. */
export interface MeshAddresses {
  readonly kafkaBrokers: readonly string[];
  readonly schemaRegistryUrl: string | undefined;
  /** With its password: never shown. */
  readonly databaseUrl: string | undefined;
  /** Base URLs. */
  readonly services: Readonly<Partial<Record<ServiceName, string>>>;
}

const setting = (name: string): string | undefined => process.env[name] || undefined;
const withoutSlash = (url: string | undefined): string | undefined => url?.replace(/\/+$/, '');

/** The addresses of the environment, else those of the mesh that `samspill up` started. */
export async function meshAddresses(dataDir: string): Promise<MeshAddresses> {
  const [stack, mesh] = await Promise.all([findRunningStack(dataDir), findRunningMesh(dataDir)]);
  const services = serviceNames.flatMap((name) => {
    const url = withoutSlash(setting(settings[name])) ?? mesh?.urls[name];
    return url === undefined ? [] : [[name, url] as const];
  });
  return {
    kafkaBrokers: setting('KAFKA_BROKERS')?.split(',') ?? stack?.kafkaBrokers ?? [],
    schemaRegistryUrl: withoutSlash(setting('SCHEMA_REGISTRY_URL')) ?? stack?.schemaRegistryUrl,
    databaseUrl: setting('DATABASE_URL') ?? stack?.databaseUrl,
    services: Object.fromEntries(services),
  };
}

/** Base URL of a service: what was given, else what is known. */
export async function serviceUrl(
  service: ServiceName,
  { given, dataDir }: { readonly given?: string | undefined; readonly dataDir: string },
): Promise<string> {
  const url = withoutSlash(given || undefined) ?? (await meshAddresses(dataDir)).services[service];
  if (url !== undefined) return url;
  throw unknownAddress(service, settings[service]);
}

/** @param setting of the environment that names it */
export const unknownAddress = (part: string, setting: string): CommandFailure =>
  new CommandFailure(exitCodes.away, {
    place: part,
    rule: 'its address is known',
    mend: `start the mesh by samspill up, or set ${setting}`,
  });
