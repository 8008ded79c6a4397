import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer satisfies; fails with the last answer once `withinMs` have passed. */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${withinMs} ms; last seen: ${JSON.stringify(answer)}`);
    }
    await pause(50);
  }
}
