import type { BenchServers } from '../servers/start-servers.ts';
import type { Goal } from './goals.ts';
import type { ContenderResult } from './result.ts';

/**
 * Terms: a *benchmark* lets *contenders* do the same work; what one of them reached is told in *figures*, under a
 * *setting* (patients 10,000; process warm). A figure has a sample for each *run*. A *goal* compares medians.
 */

/** How a benchmark is to be run. */
export interface BenchOptions {
  /** Everything small and once, to see that it works: its numbers say nothing. */
  readonly isQuick: boolean;
  readonly runs: number;
  /** Instead of the number of rows that a benchmark takes by itself. */
  readonly rows?: number;
  /** Writes a CPU profile of our contender. */
  readonly isProfiled: boolean;
  /** For data and logs of this benchmark; removed at the end. */
  readonly folder: string;
  /** Aborted when the run is interrupted: a benchmark ends what it started and rejects. */
  readonly signal: AbortSignal;
  /** Kafka, registry, PostgreSQL and key vault, with further settings of Kafka; whoever asks calls `stop` in the end. */
  readonly servers: (brokerSettings?: Readonly<Record<string, string>>) => Promise<BenchServers>;
  /** Tells a person what is going on. */
  readonly say: (line: string) => void;
}

export type SettingValues = Readonly<Record<string, string | number>>;

/** What a benchmark found. */
export interface Outcome {
  /** What was the same for all contenders. */
  readonly setting: SettingValues;
  readonly versions: Readonly<Record<string, string>>;
  readonly contenders: readonly ContenderResult[];
  /** Contenders that could not take part, with the reason. */
  readonly notRun: Readonly<Record<string, string>>;
  /** Text of each CPU profile, by the name of its contender. */
  readonly profiles?: Readonly<Record<string, string>>;
}

/** A figure drawn for each contender: its median, from least to greatest. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  readonly figure: string;
  /** Draws these settings alone. */
  readonly where?: SettingValues;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** The question, and how it is asked: a paragraph for the page of results. */
  readonly asks: string;
  readonly goals: readonly Goal[];
  readonly plots: readonly Plot[];
  run(options: BenchOptions): Promise<Outcome>;
}
