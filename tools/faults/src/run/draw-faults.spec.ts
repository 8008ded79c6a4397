import { describe, expect, it } from 'vitest';
import { catalogue } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import { drawFault, type DrawnFault } from './draw-faults.ts';
import { mayBegin } from './inject-faults.ts';

const drawn = (seed: number, count: number): DrawnFault[] =>
  Array.from({ length: count }, (_, n) => drawFault(seed, n, catalogue));
const plain = ({ fault, gapMs, lastsMs, overlaps, random }: DrawnFault) => [
  fault.name,
  gapMs,
  lastsMs,
  overlaps,
  random.next(),
];

describe('the faults of a run', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawn(7, 50).map(plain)).toEqual(drawn(7, 50).map(plain));
    expect(drawn(7, 50).map(plain)).not.toEqual(drawn(8, 50).map(plain));
  });

  it('come to every fault there is', () => {
    const names = new Set(drawn(1, 3_000).map(({ fault }) => fault.name));
    expect(names).toEqual(new Set(catalogue.map(({ name }) => name)));
    expect(names.size).toBe(catalogue.length);
  });

  it('hold for as long as their kind says', () => {
    for (const { fault, lastsMs } of drawn(1, 500)) {
      expect(lastsMs).toBeGreaterThanOrEqual(fault.lastsMs[0]);
      expect(lastsMs).toBeLessThanOrEqual(fault.lastsMs[1]);
    }
  });
});

describe('a fault may begin', () => {
  const fault = (name: string): Fault => {
    const found = catalogue.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no fault ${name}`);
    return found;
  };
  const one = (name: string, overlaps = true): DrawnFault => ({
    ...drawFault(1, 1, [fault(name)]),
    overlaps,
  });

  it('when none holds', () => {
    expect(mayBegin(one('kill-broker', false), [])).toBe(true);
  });

  it('beside one that touches something else, when it was drawn so', () => {
    expect(mayBegin(one('kill-ward'), [one('kill-broker')])).toBe(true);
    expect(mayBegin(one('kill-ward', false), [one('kill-broker')])).toBe(false);
    expect(mayBegin(one('kill-ward', false), [one('kill-broker')], 3)).toBe(true);
  });

  it('never with a second broker down, nor as a third', () => {
    expect(mayBegin(one('kill-broker'), [one('half-open-broker')])).toBe(false);
    expect(mayBegin(one('rolling-restart'), [one('kill-ward')])).toBe(false);
    expect(mayBegin(one('kill-ward'), [one('kill-broker'), one('kill-postgres')])).toBe(false);
  });
});
