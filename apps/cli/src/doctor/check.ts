import type { MeshAddresses } from '../mesh-addresses.ts';
import type { OperatorOptions } from '../operated-services.ts';

/** What a check saw. Nothing of a patient is in it. */
export type Finding =
  | { readonly verdict: 'ok' | 'skipped'; readonly what: string }
  | { readonly verdict: 'warning' | 'problem'; readonly what: string; readonly mend: string };

export const ok = (what: string): Finding => ({ verdict: 'ok', what });
export const skipped = (what: string): Finding => ({ verdict: 'skipped', what });
export const warning = (what: string, mend: string): Finding => ({
  verdict: 'warning',
  what,
  mend,
});
export const problem = (what: string, mend: string): Finding => ({
  verdict: 'problem',
  what,
  mend,
});

/** Looks at one thing, and changes nothing. What it throws is told as a problem. */
export interface Check {
  readonly name: string;
  readonly group: 'machine' | 'mesh';
  /** Where one of these does not answer there is nothing to look at. */
  readonly needs?: readonly ServerName[];
  look(): Promise<readonly Finding[]> | readonly Finding[];
}

export type ServerName = 'kafka' | 'postgres' | 'registry';

/** What the checks look at. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Whole path. */
  readonly dataDir: string;
  readonly addresses: MeshAddresses;
  /** A mesh that samspill up started on this data folder runs, or a part of it. */
  readonly runs: boolean;
  /** How services are asked. */
  readonly operator: OperatorOptions;
}
