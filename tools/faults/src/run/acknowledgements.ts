import { EventEmitter, on } from 'node:events';
import { parsePosition } from '@samspill/kernel';
import type { History } from '../history/history.ts';

/** Tells when writers are answered. */
export interface Acknowledgements {
  /** Resolves when each of the partitions has taken one from now on; rejects with those that have not when over. */
  ofEach(partitions: readonly number[], over: AbortSignal): Promise<void>;
}

/** The history, and what is acknowledged as it is written down. */
export function watched(history: History): History & Acknowledgements {
  const taken = new EventEmitter<{ partition: [number] }>();
  taken.setMaxListeners(0);
  return {
    ...history,
    write: (event) => {
      history.write(event);
      if (event.kind !== 'ok') return;
      const position = parsePosition(event.position);
      if (position !== undefined) taken.emit('partition', position.partition);
    },
    ofEach: async (partitions, over) => {
      const missing = new Set(partitions);
      if (missing.size === 0) return;
      try {
        // Keeps what comes between two turns: several partitions are answered in one tick.
        for await (const [partition] of on(taken, 'partition', { signal: over })) {
          missing.delete(partition as number);
          if (missing.size === 0) return;
        }
      } catch (cause) {
        throw new Error(`no answer on ${[...missing].join(', ')}`, { cause });
      }
    },
  };
}
