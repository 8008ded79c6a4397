import { closedAndOpened, closedWhileABatchIsOpen } from './closing-scenarios.ts';
import {
  killedBeforeCommit,
  stoppedAndContinued,
  undisturbed,
  vaultAway,
} from './consumer-scenarios.ts';
import type { Laboratory } from './laboratory.ts';
import {
  publisherKilled,
  publisherLosesAnAnswer,
  publisherUndisturbed,
} from './publisher-scenarios.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** What a process goes through, with the defect of a mutant or without any; answers with what is there in the end. */
export type Scenario = (laboratory: Laboratory, mutant: string | undefined) => Promise<Evidence>;

export const scenarios = {
  undisturbed,
  'killed-before-commit': killedBeforeCommit,
  'stopped-and-continued': stoppedAndContinued,
  'vault-away': vaultAway,
  'closed-while-a-batch-is-open': closedWhileABatchIsOpen,
  'closed-and-opened': closedAndOpened,
  'publisher-killed': publisherKilled,
  'publisher-loses-an-answer': publisherLosesAnAnswer,
  'publisher-undisturbed': publisherUndisturbed,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
