import { SamspillError } from '@samspill/kernel';
import { dockerAnswers } from './docker-engine.ts';
import { addressesIn, type StackAddresses } from './environment.ts';
import type { LocalStack, StackOptions } from './local-stack.ts';
import { startProcesses } from './process-stack.ts';

const notOurs = (): SamspillError =>
  new SamspillError('CONFIG_INVALID', {
    place: 'KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL',
    mend: 'unset them, or give ignoreEnvironment: servers that others started are not ours to end',
  });

const found = (addresses: StackAddresses): LocalStack => ({
  ...addresses,
  kind: 'found',
  processes: [],
  stop: () => Promise.resolve(),
  kill: () => {
    throw notOurs();
  },
  restart: () => Promise.reject(notOurs()),
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** SAMSPILL_STACK: the one way that is allowed. */
const demandedWay = (env: NodeJS.ProcessEnv): 'docker' | 'processes' | undefined => {
  const { SAMSPILL_STACK: way } = env;
  if (way === undefined || way === '') return undefined;
  if (way === 'docker' || way === 'processes') return way;
  throw new SamspillError('CONFIG_INVALID', {
    place: 'SAMSPILL_STACK',
    mend: 'set it to docker or to processes, or unset it',
  });
};

/**
 * Gives Kafka, schema registry and PostgreSQL: what the environment names; else Docker containers where an engine
 * answers; else local processes, also where Docker fails. SAMSPILL_STACK=docker or =processes allows one way alone.
 * The servers end with this process, whatever way it ends, unless `detached`.
 * Raises CONFIG_INVALID, PORT_IN_USE, DATA_DIR_IN_USE, JAVA_NOT_FOUND, DOWNLOAD_FAILED, PART_DID_NOT_START.
 */
export const startLocalStack = async (options: StackOptions): Promise<LocalStack> => {
  const addresses = options.ignoreEnvironment ? undefined : addressesIn(process.env);
  if (addresses !== undefined) return found(addresses);
  // What `testcontainers` starts ends with this process.
  const way = options.detached ? 'processes' : demandedWay(process.env);
  if (way === 'processes') return startProcesses(options);
  if (way === undefined && !(await dockerAnswers(process.env))) return startProcesses(options);
  // Imported here, since it takes longer than all the rest.
  const { startContainers } = await import('./docker-stack.ts');
  try {
    return await startContainers(options);
  } catch (error) {
    if (way === 'docker') throw error;
    options.onProgress?.({ part: 'docker', state: 'failed', reason: messageOf(error) });
    return startProcesses(options);
  }
};
