import { setTimeout as pause } from 'node:timers/promises';

const retryMs = 500;

/** Tries again, for as long as it takes, what a fault may keep from working. */
export async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await pause(retryMs);
    }
  }
}
