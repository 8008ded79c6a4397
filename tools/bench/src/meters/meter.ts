import type { Measured } from '../frame/samples.ts';
import { cpuSecondsOf, peakMebibytesOf, resetPeak, sharedMebibytesOf } from './process-tree.ts';

/** A process to be metered. */
export interface MeteredPart {
  readonly pid: number;
  /** It is many processes that share memory, as PostgreSQL is: summed, and looked at each second. */
  readonly sharesMemory?: boolean;
}

/** Figures are left out where the system does not tell: unmeasured is not 0. */
export interface Meter {
  /** Names: `CPU of <part>` (s) and `peak memory of <part>` (MiB). */
  stop(): Measured[];
}

const lookEveryMs = 1_000;

/** Meters the parts from now on, each by its name. */
export function startMeter(parts: Readonly<Record<string, MeteredPart>>): Meter {
  const meters = Object.entries(parts).map(([name, part]) => meterOne(name, part));
  return { stop: () => meters.flatMap((stop) => stop()) };
}

function meterOne(name: string, { pid, sharesMemory = false }: MeteredPart): () => Measured[] {
  const before = cpuSecondsOf(pid);
  const peak = sharesMemory ? sampledPeak(pid) : markedPeak(pid);
  return () => {
    const after = cpuSecondsOf(pid);
    const memory = peak();
    const cpu = before === undefined || after === undefined ? [] : [after - before];
    return [
      ...cpu.map((value) => ({ name: `CPU of ${name}`, unit: 's', value })),
      ...memory.map((value) => ({ name: `peak memory of ${name}`, unit: 'MiB', value })),
    ];
  };
}

/** By the high-water mark of the kernel. */
function markedPeak(pid: number): () => number[] {
  const isReset = resetPeak(pid);
  return () => (isReset ? [peakMebibytesOf(pid) ?? []].flat() : []);
}

function sampledPeak(pid: number): () => number[] {
  const seen: number[] = [];
  const look = (): void => void seen.push(...[sharedMebibytesOf(pid) ?? []].flat());
  look();
  const timer = setInterval(look, lookEveryMs).unref();
  return () => {
    clearInterval(timer);
    look();
    return seen.length === 0 ? [] : [Math.max(...seen)];
  };
}
