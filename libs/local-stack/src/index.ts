export { createDatabase } from './database.ts';
export type { StackAddresses } from './environment.ts';
export type { LocalStack, ProgressStep, StackOptions } from './local-stack.ts';
export type { StackPorts } from './ports.ts';
export { endWithThisProcess } from './reaper-link.ts';
export type { StackPart } from './server.ts';
export { findRunningStack, stopRunningStack, type RunningStack } from './stack-file.ts';
export { startLocalStack } from './start-local-stack.ts';
