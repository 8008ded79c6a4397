import { closedLoop, type LoopResult } from '../load/closed-loop.ts';
import { openLoop } from '../load/open-loop.ts';
import type { SettingValues } from '../frame/benchmark.ts';

/** A load of one kind. */
export interface Phase {
  readonly setting: SettingValues;
  /** Absent: as many connections as it takes. */
  readonly connections?: number;
  /** Patients who are new to the mesh: their pseudonyms and keys have to be made. */
  readonly isCold: boolean;
  readonly run: (lastsMs: number, send: (n: number) => Promise<void>) => Promise<LoopResult>;
}

/** A rate that both contenders keep up with on two cores, so that times are theirs and not those of a queue. */
const openPerSecond = 100;

const closed = (callers: number, isCold = false): Phase => ({
  setting: { load: 'closed', callers, ...(isCold && { patients: 'new' }) },
  connections: callers,
  isCold,
  run: (lastsMs, send) => closedLoop({ callers, lastsMs, send }),
});

const open = (isCold = false): Phase => ({
  setting: { load: `open, ${openPerSecond} a second`, ...(isCold && { patients: 'new' }) },
  isCold,
  run: (lastsMs, send) => openLoop({ perSecond: openPerSecond, lastsMs, send }),
});

/** Those that both contenders go through. */
export const phases: readonly Phase[] = [closed(1), closed(64), open()];

/** The peer knows no patients. */
export const coldPhases: readonly Phase[] = [closed(64, true), open(true)];

/** What is judged. */
export const oneCaller = closed(1).setting;
export const manyCallers = closed(64).setting;
export const steadyLoad = open().setting;
