import { readFileSync, writeFileSync } from 'node:fs';

/** What Linux tells of processes in /proc. Undefined on another system, and of a process that is gone. */

const ticksPerSecond = 100;

const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
};

/** The process and all below it. */
export function treeOf(pid: number): number[] {
  const below = text(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ').filter(Boolean) ?? [];
  return [pid, ...below.flatMap((child) => treeOf(Number(child)))];
}

/** User and system time of the process, of its children, and of those that have ended. */
export function cpuSecondsOf(pid: number): number | undefined {
  const seconds = treeOf(pid).flatMap((one) => {
    // The name in parentheses may hold spaces, so count the fields after it.
    const fields = text(`/proc/${one}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ');
    if (fields === undefined) return [];
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [ticks / ticksPerSecond];
  });
  return seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one, 0);
}

const mebibytesOf = (path: string, field: string): number | undefined => {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text(path) ?? '')?.[1];
  return found === undefined ? undefined : Number(found) / 1_024;
};

/** Highest resident memory since `resetPeak`. */
export const peakMebibytesOf = (pid: number): number | undefined =>
  mebibytesOf(`/proc/${pid}/status`, 'VmHWM');

/** False where the mark cannot be set back: then the peak is that of a whole life and says nothing. */
export function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return true;
  } catch {
    return false;
  }
}

/** Memory of the process and all below it, with what they share counted once. */
export function sharedMebibytesOf(pid: number): number | undefined {
  const parts = treeOf(pid).flatMap((one) => mebibytesOf(`/proc/${one}/smaps_rollup`, 'Pss') ?? []);
  return parts.length === 0 ? undefined : parts.reduce((sum, one) => sum + one, 0);
}
