import { seededRandom, type SeededRandom } from '@samspill/testing';
import type { Fault } from '../faults/fault.ts';

/** One fault of a run, as the seed has it. */
export interface DrawnFault {
  readonly fault: Fault;
  /** After the one before began, or has healed. */
  readonly gapMs: number;
  readonly lastsMs: number;
  /** Begins while the one before still holds, where their areas allow. */
  readonly overlaps: boolean;
  /** For the choices of the fault itself. */
  readonly random: SeededRandom;
}

const gap = [1_500, 3_000] as const;
const overlapProbability = 0.6;

/** The nth fault of a run, from 0: the same for the same seed and the same choice of faults. */
export function drawFault(seed: string | number, n: number, faults: readonly Fault[]): DrawnFault {
  const random = seededRandom(seed, 'fault', n);
  const fault = weighted(faults, random);
  return {
    fault,
    gapMs: random.whole(...gap),
    lastsMs: random.whole(...fault.lastsMs),
    overlaps: random.chance(overlapProbability),
    random,
  };
}

function weighted(faults: readonly Fault[], random: SeededRandom): Fault {
  const weightOf = ({ weight = 1 }: Fault): number => weight;
  let left = random.next() * faults.reduce((sum, fault) => sum + weightOf(fault), 0);
  for (const fault of faults) {
    left -= weightOf(fault);
    if (left < 0) return fault;
  }
  throw new RangeError('there is no fault to draw from');
}
