export { createDatabase } from './database.ts';
export type { StackAddresses } from './environment.ts';
export type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
export { choosePort, type StackPorts } from './ports.ts';
export { isRunning, shutDown } from './process-life.ts';
export { endWithThisProcess, startReaper } from './reaper-link.ts';
export { ServerGroup } from './server-group.ts';
export type { ServerPlan, StackPart } from './server.ts';
export {
  assertNoneRuns,
  findRunningStack,
  stopRunningStack,
  type RunningStack,
} from './stack-file.ts';
export { startLocalStack } from './start-local-stack.ts';
