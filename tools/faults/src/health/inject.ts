import type { SeededRandom } from '@samspill/testing';
import { catalogue } from '../faults/catalogue.ts';
import type { Fault, FaultGround, Injected } from '../faults/fault.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';

/** Always the same choice: the mildest latency, the first of several. */
const firstChoice: SeededRandom = {
  next: () => 0,
  whole: (low) => low,
  around: (mean) => mean,
  chance: () => false,
  pick: ([first]) => first,
};

const groundOf = (mesh: FaultMesh): FaultGround => ({
  mesh,
  random: firstChoice,
  // Nobody writes: only the services are asked.
  acknowledgements: { ofEach: () => Promise.resolve() },
  workload: { killPublisher: () => undefined },
});

/** The fault of that name. Throws where there is none. */
export const faultNamed = (name: string): Fault => {
  const fault = catalogue.find((one) => one.name === name);
  if (fault === undefined) throw new RangeError(`no fault is called ${name}`);
  return fault;
};

/** Injects it without a workload. */
export const inject = (mesh: FaultMesh, name: string): Promise<Injected> =>
  faultNamed(name).inject(groundOf(mesh));

/** The instances that the detail of a fault names. */
export const instancesIn = (detail: string): string[] =>
  [...detail.matchAll(/(?:key-vault|measurements|emergency-ward)-\d/g)].map(([name]) => name);
