import { syntheticPatients } from '@samspill/testing';

const newAtOnce = 5_000;

/** National ids for the load, synthetic all of them. */
export interface Patients {
  /** Of one of those who are known, in turn. */
  known(n: number): string;
  /** Of one who was never sent before. */
  fresh(): string;
}

/** `knownCount`: those whom the mesh is to know. */
export function patients(knownCount: number): Patients {
  const known = nationalIds('known', knownCount);
  const seen = new Set(known);
  const fresh: string[] = [];
  let batches = 0;
  const refill = (): void => {
    for (const id of nationalIds(`fresh-${(batches += 1)}`, newAtOnce)) {
      if (!seen.has(id)) fresh.push(id);
      seen.add(id);
    }
  };
  refill();
  return {
    known: (n) => known[n % knownCount] ?? '',
    fresh: () => {
      if (fresh.length === 0) refill();
      return fresh.pop() ?? '';
    },
  };
}

const nationalIds = (seed: string, count: number): string[] =>
  syntheticPatients({ seed, count }).map(({ nationalId }) => nationalId);
