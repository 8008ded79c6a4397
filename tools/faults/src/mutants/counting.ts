import type { History } from '../history/history.ts';
import type { HistoryEvent } from '../history/history-line.ts';

/** Tells how much has been written into it of each kind. */
export interface Counted {
  countOf(kind: HistoryEvent['kind']): number;
}

/** The history, counted as it is written: to read the whole file at every look takes the longer the longer it is. */
export function counting(history: History): History & Counted {
  const counts = new Map<HistoryEvent['kind'], number>();
  const countOf = (kind: HistoryEvent['kind']): number => counts.get(kind) ?? 0;
  return {
    ...history,
    write: (event) => {
      history.write(event);
      counts.set(event.kind, countOf(event.kind) + 1);
    },
    countOf,
  };
}
