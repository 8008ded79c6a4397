export { cacheFolder, isObtained, obtain, type Artifact } from './artifact.ts';
export { askBroker } from './ask-broker.ts';
export { createDatabase, withDatabase } from './database.ts';
export type { StackAddresses } from './environment.ts';
export { planKafka, type KafkaCluster } from './kafka-server.ts';
export type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
export { chooseJava, javaVersionMin, type JavaCandidate } from './java-choice.ts';
export { findJava } from './java-search.ts';
export { runMaven } from './maven.ts';
export {
  choosePort,
  freePort,
  isFree,
  stackPorts,
  type PortSetting,
  type StackPorts,
} from './ports.ts';
export { isRunning, shutDown } from './process-life.ts';
export { choosePostgresUrl, planPostgres } from './postgres-server.ts';
export { endWithThisProcess, startReaper } from './reaper-link.ts';
export { planRegistry, registryUrl } from './registry-server.ts';
export { ServerGroup } from './server-group.ts';
export { cachedServers, obtainPrograms, type ServerPrograms } from './server-programs.ts';
export type { ServerPlan, StackPart } from './server.ts';
export {
  assertNoneRuns,
  findRunningStack,
  stackProcesses,
  stopRunningStack,
  type RunningStack,
} from './stack-file.ts';
export { startLocalStack } from './start-local-stack.ts';
