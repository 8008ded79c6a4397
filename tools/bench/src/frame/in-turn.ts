import type { BenchOptions } from './benchmark.ts';

/** One contender's part of a round. */
export interface Turn {
  readonly name: string;
  work(): Promise<void>;
}

/**
 * Runs all turns, then all again, as often as there are runs: what drifts meanwhile, as the heat of the machine or the fill
 * of a disk, meets all contenders alike. A turn that rejects is told to `onFailure`, and the others go on.
 */
export async function inTurn(
  { runs, signal, say }: Pick<BenchOptions, 'runs' | 'signal' | 'say'>,
  turns: readonly Turn[],
  onFailure: (turn: Turn, error: unknown) => void,
): Promise<void> {
  for (let run = 1; run <= runs; run += 1) {
    for (const turn of turns) {
      signal.throwIfAborted();
      const since = performance.now();
      try {
        await turn.work();
        say(`run ${run} of ${runs}: ${turn.name}, ${secondsSince(since)}`);
      } catch (error) {
        signal.throwIfAborted();
        say(`run ${run} of ${runs}: ${turn.name} FAILED: ${messageOf(error)}`);
        onFailure(turn, error);
      }
    }
  }
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const secondsSince = (ms: number): string => `${((performance.now() - ms) / 1_000).toFixed(1)} s`;
