/** How the harness and a program of its talk over the channel between their processes. */

/** What a program can be told to do, by name. What is given and answered must be plain data. */
export type Orders = Record<string, (given: never) => Promise<unknown>>;

export interface Order {
  readonly number: number;
  readonly name: string;
  readonly given: unknown;
}

export interface Answer {
  readonly number: number;
  readonly answer?: unknown;
  /** The order was not carried out. */
  readonly error?: string;
}

/** Name of the variable in which a program finds its setting, as JSON. */
export const settingVariable = 'SAMSPILL_BENCH_SETTING';
