import type { SeededRandom } from '@samspill/testing';
import type { Acknowledgements } from '../run/acknowledgements.ts';
import type { FaultMesh, PartName } from '../mesh/fault-mesh.ts';
import type { Workload } from '../workload/start-workload.ts';

/** What a fault takes for itself: two that share an area never hold at the same time. */
export type Area =
  | 'brokers'
  | 'postgres'
  | 'registry'
  | 'key-vault'
  | 'measurements'
  | 'emergency-ward'
  | 'publisher'
  | 'rebuild';

/** A fault that holds. */
export interface Injected {
  /** Which part, which partition, how much. */
  readonly detail: string;
  /** What has to go on although the fault holds; how long that takes is measured from the injection on. */
  readonly goesOn?: {
    readonly what: 'takeover' | 'publishing';
    /** Resolves when it does; rejects when the signal ends the waiting. */
    readonly until: (over: AbortSignal) => Promise<void>;
  };
  /** Ends it, and resolves when what was ended runs again. */
  readonly heal: () => Promise<void>;
}

/** What a fault works on. */
export interface FaultGround {
  readonly mesh: FaultMesh;
  /** Of this one fault: the same seed gives the same choices. */
  readonly random: SeededRandom;
  readonly acknowledgements: Acknowledgements;
  readonly workload: Pick<Workload, 'killPublisher'>;
}

/** One kind of harm. */
export interface Fault {
  readonly name: string;
  readonly areas: readonly Area[];
  /** Shortest and longest time that it holds. */
  readonly lastsMs: readonly [number, number];
  /** How often beside others; 1 unless told. */
  readonly weight?: number;
  /** Why it cannot be run on this machine; undefined when it can. */
  readonly notRunOn?: (mesh: FaultMesh) => string | undefined;
  readonly inject: (ground: FaultGround) => Promise<Injected>;
}

/** Ends a part by kill -9 (or the signal), and starts it again to heal. */
export const killed = (
  { mesh }: FaultGround,
  part: PartName,
  signal: NodeJS.Signals = 'SIGKILL',
): Injected => {
  mesh.kill(part, signal);
  return { detail: part, heal: () => mesh.restart(part) };
};

/** Halts a part, which keeps its connections and answers nothing, and lets it go on to heal. */
export const halted = ({ mesh }: FaultGround, part: PartName): Injected => {
  mesh.kill(part, 'SIGSTOP');
  return {
    detail: part,
    heal: () => {
      mesh.kill(part, 'SIGCONT');
      return Promise.resolve();
    },
  };
};
