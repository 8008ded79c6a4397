export interface BackOff {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * The pause before attempt n (from 0), in milliseconds: doubled each time up to the maximum, and between half of it and
 * all of it, so that many who wait do not try in step.
 */
export function backOffMs(attempt: number, { minMs, maxMs }: BackOff): number {
  const whole = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30));
  return whole * (0.5 + Math.random() / 2);
}
