import type { Pseudonym } from '@samspill/kernel';

/**
 * A place in the memory of a process that may hold something of a patient for longer than one call. Each has a name, so
 * that all of them can be listed, and each can be searched: what was withheld or destroyed must be in none.
 */
export interface NamedCache {
  readonly name: string;
  holds(patient: Pseudonym): boolean;
}
