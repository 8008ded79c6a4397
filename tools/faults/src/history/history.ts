import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { HistoryEvent, HistoryLine } from './history-line.ts';

/** Where writers, readers and the runner write down what happens. */
export interface History {
  write(event: HistoryEvent): void;
  /** All so far, in the order in which it was written. */
  lines(): HistoryLine[];
  close(): void;
}

/** Milliseconds since the epoch by a clock that is never set, so that the order of two lines is that of their times. */
export const historyNow = (): number =>
  Math.round((performance.timeOrigin + performance.now()) * 1_000) / 1_000;

/**
 * Appends to a file, one JSON object a line. Each line is with the operating system before `write` returns, so a harness
 * that is killed loses none of it.
 */
export function fileHistory(path: string): History {
  const file = openSync(path, 'a');
  return {
    write: (event) => void writeSync(file, `${JSON.stringify({ at: historyNow(), ...event })}\n`),
    lines: () => readHistory(path),
    close: () => closeSync(file),
  };
}

/** A line that was cut off by the end of the harness is left out. */
export function readHistory(path: string): HistoryLine[] {
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as HistoryLine);
}
