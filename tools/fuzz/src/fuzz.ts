import { Script } from 'node:vm';
import fc from 'fast-check';
import { vi } from 'vitest';

const whole = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined ? undefined : Number(text);
};

const seed = whole('SAMSPILL_FUZZ_SEED') ?? Date.now() % 2 ** 31;
const casesCount = whole('SAMSPILL_FUZZ_CASES') ?? 100_000;

/** All cases of one decoder; they take 30 s at most on an idle machine. A loop without end would hang the test run. */
const watchdogMs = 900_000;
const run = new Script('samspillFuzzRun()');
// The watchdog speaks first: it knows the case.
vi.setConfig({ testTimeout: 2 * watchdogMs });

/**
 * Judges many cases of one decoder; a failing one is shrunk and printed with its seed. `judge` throws where a promise
 * is broken. Case by case without waiting, so that the watchdog can end a loop without end.
 */
export function fuzz<Case>(
  decoder: string,
  cases: fc.Arbitrary<Case>,
  judge: (one: Case) => void,
  { share = 1 }: { readonly share?: number } = {},
): void {
  const numRuns = Math.ceil(casesCount * share);
  console.log(`fuzz ${decoder}: ${numRuns} cases, SAMSPILL_FUZZ_SEED=${seed}`);
  let last: Case | undefined;
  const property = fc.property(cases, (one) => {
    last = one;
    judge(one);
  });
  Object.assign(globalThis, {
    samspillFuzzRun: () => fc.assert(property, { numRuns, seed }),
  });
  try {
    run.runInThisContext({ timeout: watchdogMs });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new Error(`${decoder} did not come back, seed ${seed}, from: ${fc.stringify(last)}`);
  }
}

/** Some values of a kind, the same for one seed. */
export const samplesOf = <Case>(cases: fc.Arbitrary<Case>, count: number): Case[] =>
  fc.sample(cases, { numRuns: count, seed });

/** As many as are judged one by one, for what can only be judged with waiting. */
export const allSamplesOf = <Case>(cases: fc.Arbitrary<Case>): Case[] =>
  samplesOf(cases, casesCount);
