import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileHistory, readHistory } from './history.ts';
import type { HistoryLine } from './history-line.ts';
import { timelineAround } from './timeline.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const operation = { op: 'hub-1/1/1', patient: 'anna', n: 1 };

it('what was written is read in the order of writing, from another process too', () => {
  const path = join(folder, 'history.ndjson');
  const history = fileHistory(path);
  history.write({ kind: 'invoke', ...operation, action: 'record', measurement: 1, via: 'a' });
  history.write({ kind: 'info', ...operation, why: 'no answer' });
  expect(readHistory(path)).toMatchObject([
    { kind: 'invoke', op: 'hub-1/1/1', n: 1 },
    { kind: 'info', why: 'no answer' },
  ]);
  const [first, second] = history.lines();
  expect(second?.at).toBeGreaterThanOrEqual(first?.at ?? Infinity);
  history.close();
});

it('a line that was cut off is left out', () => {
  const path = join(folder, 'history.ndjson');
  const history = fileHistory(path);
  history.write({ kind: 'note', text: 'whole' });
  history.close();
  appendFileSync(path, '{"kind":"no');
  expect(readHistory(path)).toHaveLength(1);
});

it('a timeline holds the faults and the patient around the moment, and nobody else', () => {
  const history: HistoryLine[] = [
    { at: 0, kind: 'note', text: 'start' },
    { at: 50_000, kind: 'fault', fault: 'kill-broker', step: 'inject', detail: 'broker-1' },
    { at: 50_100, kind: 'info', ...operation, why: 'no answer' },
    { at: 50_200, kind: 'info', ...operation, patient: 'bea', op: 'hub-2/1/1', why: 'no answer' },
    { at: 90_000, kind: 'info', ...operation, why: 'much later' },
  ];
  expect(timelineAround(history, { at: 50_150, patient: 'anna' })).toEqual([
    '   50.000 s  FAULT   kill-broker inject: broker-1',
    '   50.100 s  info    hub-1/1/1: no answer',
  ]);
});
