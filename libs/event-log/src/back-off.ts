import { setTimeout as sleep } from 'node:timers/promises';

export interface BackOff {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The pause before attempt n (from 0): doubled each time up to the maximum, and between half of it and all of it. */
export function backOffMs(attempt: number, { minMs, maxMs }: BackOff): number {
  const whole = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30));
  return whole * (0.5 + Math.random() / 2);
}

/** Waits so long; true when the time has passed, false when the signal ended the wait. */
export const pause = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
};
