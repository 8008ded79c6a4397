import type { HistoryLine } from './history-line.ts';

/** What a timeline is cut around. */
export interface TimelinePoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly patient?: string | undefined;
}

const aroundMs = 10_000;
const linesMax = 60;

/**
 * The lines about the patient and all faults within 10 s of the point, in words, the time in seconds since the run
 * began. Of more than 60 lines those nearest to the point.
 */
export function timelineAround(history: readonly HistoryLine[], point: TimelinePoint): string[] {
  const began = history[0]?.at ?? 0;
  const { at, patient } = point;
  const near = history.filter(
    (line) =>
      Math.abs(line.at - at) <= aroundMs && (!('patient' in line) || line.patient === patient),
  );
  const distance = (line: HistoryLine): number => Math.abs(line.at - at);
  const kept = new Set([...near].sort((a, b) => distance(a) - distance(b)).slice(0, linesMax));
  return near.filter((line) => kept.has(line)).map((line) => lineOf(line, began));
}

export const secondsSince = (at: number, began: number): string =>
  `${((at - began) / 1_000).toFixed(3).padStart(9)} s`;

const lineOf = (line: HistoryLine, began: number): string =>
  `${secondsSince(line.at, began)}  ${wordsOf(line, began)}`;

function wordsOf(line: HistoryLine, began: number): string {
  switch (line.kind) {
    case 'invoke':
      return `invoke  ${line.op} ${line.action} of measurement ${line.measurement} via ${line.via}`;
    case 'ok':
      return `ok      ${line.op} is ${line.eventId} at ${line.position}`;
    case 'fail':
    case 'info':
    case 'erased':
      return `${line.kind.padEnd(7)} ${line.op}: ${line.why}`;
    case 'read': {
      const after = line.after === undefined ? '' : ` after ${line.after}`;
      const seen = line.seen === undefined ? `status ${line.status}` : `saw ${line.seen}`;
      return `read    ${seen}${after} via ${line.via}, asked at ${secondsSince(line.began, began).trim()}`;
    }
    case 'order':
      return `order   ${line.order} ${line.action} via ${line.via}`;
    case 'ordered':
    case 'order-unknown':
      return `${line.kind} ${line.order} ${line.action}: ${line.answer}`;
    case 'fault':
      return `FAULT   ${line.fault} ${line.step}: ${line.detail}`;
    case 'note':
      return `note    ${line.text}`;
  }
}
