import { EventEmitter, once } from 'node:events';
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
      while (missing.size > 0) {
        const next = once(taken, 'partition', { signal: over }).catch(() => undefined);
        const [partition] = ((await next) ?? []) as [number?];
        if (partition === undefined) throw new Error(`no answer on ${[...missing].join(', ')}`);
        missing.delete(partition);
      }
    },
  };
}
