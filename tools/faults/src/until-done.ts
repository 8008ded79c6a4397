import { setTimeout as pause } from 'node:timers/promises';

interface Patience {
  /** Rejects with the last error after so long; as long as it takes unless told. */
  readonly withinMs?: number;
  readonly retryMs?: number;
}

/** Tries again what a fault may keep from working. */
export async function untilDone<T>(
  work: () => Promise<T>,
  { withinMs = Infinity, retryMs = 500 }: Patience = {},
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await pause(retryMs);
  }
}
