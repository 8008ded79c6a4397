import { join } from 'node:path';
import type { ScenarioName } from './scenarios.ts';

/** A change of one source file, made as the file is loaded; the file itself stays as it is. */
export interface Edit {
  /** From the top of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A defect that the checks must find: each is one that a consumer or publisher of events has had somewhere. */
export interface Mutant {
  readonly name: string;
  /** What goes wrong, in words. */
  readonly defect: string;
  /** What happens to the process that has the defect. */
  readonly scenario: ScenarioName;
  /** Name of the check that has to find it. */
  readonly foundBy: string;
  readonly edits: readonly Edit[];
  /** What its read model lacks in the database; `measurement_v1` is found by the search path. */
  readonly sql?: string;
}

/** Environment variable by which a process is told its mutant. */
export const mutantSetting = 'SAMSPILL_FAULTS_MUTANT';

/** Module to preload, after tsx, into a process that has a mutant. */
export const plantMutant = join(import.meta.dirname, 'plant-mutant.ts');
