import { SamspillError } from '@samspill/kernel';

/** Where the three servers answer. */
export interface StackAddresses {
  readonly kafkaBrokers: string[];
  /** The Confluent-compatible base, ending in `/apis/ccompat/v7` for Apicurio Registry. */
  readonly schemaRegistryUrl: string;
  /** `postgres://…`, of a user who may create databases, to the database `postgres`. */
  readonly databaseUrl: string;
}

/**
 * The servers that the environment names by KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL; undefined when it
 * names none. Raises CONFIG_INVALID when it names some but not all: half a stack would be mixed with another one.
 */
export const addressesIn = (env: NodeJS.ProcessEnv): StackAddresses | undefined => {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registry, DATABASE_URL: database } = env;
  if (brokers && registry && database) {
    return {
      kafkaBrokers: brokers.split(',').map((broker) => broker.trim()),
      schemaRegistryUrl: registry,
      databaseUrl: database,
    };
  }
  if (!brokers && !registry && !database) return undefined;
  const missing = Object.entries({
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registry,
    DATABASE_URL: database,
  }).flatMap(([name, value]) => (value ? [] : [name]));
  throw new SamspillError('CONFIG_INVALID', {
    place: missing.join(', '),
    mend: `set ${missing.join(' and ')} as well, or unset all three to have the servers started`,
  });
};
