import { setTimeout as pause } from 'node:timers/promises';

const deadlineMs = 60_000;
const pollMs = 100;

/** Resolves when the check says yes; rejects, naming what was waited for, when it does not in a minute. */
export async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(pollMs);
  }
}
