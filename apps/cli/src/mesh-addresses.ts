import { join, resolve } from 'node:path';
import { findRunningStack } from '@samspill/local-stack';
import { defaultDataDir, findRunningMesh, type ServiceName } from '@samspill/testing';
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

/** Base URL of a service: what was given, else the environment's, else that of the mesh that `samspill up` started. */
export async function serviceUrl(
  service: ServiceName,
  { given, dataDir }: { readonly given?: string | undefined; readonly dataDir: string },
): Promise<string> {
  const setting = settings[service];
  const named = given ?? process.env[setting];
  if (named !== undefined && named !== '') return named.replace(/\/+$/, '');
  const url = (await findRunningMesh(dataDir))?.urls[service];
  if (url !== undefined) return url;
  throw new CommandFailure(exitCodes.away, {
    place: service,
    rule: 'its address is known',
    mend: `start the mesh by samspill up, or set ${setting}`,
  });
}

/** The registry of the environment, else of the stack that `samspill up` started, else none. */
export async function registryUrlOf(dataDir: string): Promise<string | undefined> {
  const named = process.env['SCHEMA_REGISTRY_URL'];
  if (named !== undefined && named !== '') return named;
  return (await findRunningStack(dataDir))?.schemaRegistryUrl;
}

/** The brokers of the environment, else of the stack that `samspill up` started, else none. */
export async function kafkaBrokersOf(dataDir: string): Promise<string[] | undefined> {
  const named = process.env['KAFKA_BROKERS'];
  if (named !== undefined && named !== '') return named.split(',');
  return (await findRunningStack(dataDir))?.kafkaBrokers;
}
