/** The environment names all three servers, so that none is started here. */
export const serversAreNamed = (env: NodeJS.ProcessEnv): boolean =>
  ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL'].every((name) => env[name]);
