import { pause } from '@samspill/kernel';
import type { FaultGround, Injected } from '../faults/fault.ts';
import type { History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { atWork } from './at-work.ts';
import type { DrawnFault } from './draw-faults.ts';

/** One fault that was injected; times in milliseconds, absent where it did not happen within 90 s. */
export interface FaultRecord {
  readonly fault: string;
  readonly detail: string;
  readonly heldMs: number;
  /** Why it could not be ended, which breaks a promise too. */
  readonly unhealed?: string;
  /** No other one was there before it was made up for: else the times tell of both. */
  readonly alone: boolean;
  /** From the injection until it went on all the same. */
  readonly takeoverMs?: number;
  readonly publishingMs?: number;
  /** From the end of healing until writers are answered on every partition and the ward has read what was there. */
  readonly recoveryMs?: number;
}

export interface HoldOptions {
  readonly mesh: FaultMesh;
  readonly history: History;
  readonly acknowledgements: Acknowledgements;
  readonly workload: FaultGround['workload'];
  /** Nobody waits for a recovery any more. */
  readonly interrupted: AbortSignal;
}

export interface Held {
  /** Resolves when it is healed, or could not be injected. */
  readonly healed: Promise<void>;
  /** Resolves when it is made up for; undefined when it could not be injected. */
  readonly record: Promise<FaultRecord | undefined>;
}

const withinMs = 90_000;

/** Injects a fault, heals it when its time has come or when it is over, and measures what comes of it. */
export function holdFault(
  { mesh, history, acknowledgements, workload, interrupted }: HoldOptions,
  over: AbortSignal,
): (drawn: DrawnFault) => Held {
  /** How long it takes, which is also written down; undefined where it does not come in time. */
  const timed = async (
    fault: string,
    what: string,
    until: (over: AbortSignal) => Promise<void>,
  ): Promise<number | undefined> => {
    const write = (detail: string): void =>
      history.write({ kind: 'fault', fault, step: 'recovered', detail: `${what} ${detail}` });
    const began = performance.now();
    try {
      await until(AbortSignal.any([AbortSignal.timeout(withinMs), interrupted]));
    } catch (error) {
      write(`not within ${withinMs / 1_000} s: ${messageOf(error)}`);
      return undefined;
    }
    const ms = Math.round(performance.now() - began);
    write(`after ${(ms / 1_000).toFixed(1)} s`);
    return ms;
  };
  const there = new Set<{ alone: boolean }>();

  const hold = async (
    { fault, lastsMs, random }: DrawnFault,
    healed: () => void,
  ): Promise<FaultRecord | undefined> => {
    const write = (step: 'inject' | 'heal', detail: string): void =>
      history.write({ kind: 'fault', fault: fault.name, step, detail });
    const began = performance.now();
    let injected: Injected;
    try {
      injected = await fault.inject({ mesh, random, acknowledgements, workload });
    } catch (error) {
      // Another fault keeps it from finding out whom to harm.
      history.write({ kind: 'note', text: `${fault.name} not injected: ${messageOf(error)}` });
      return undefined;
    }
    const { detail, heal, goesOn } = injected;
    write('inject', detail);
    const wentOn = goesOn && timed(fault.name, goesOn.what, goesOn.until);
    await pause(lastsMs, over);
    const unhealed = await heal().then(() => undefined, messageOf);
    if (unhealed !== undefined) {
      history.write({ kind: 'note', text: `${fault.name} not healed: ${unhealed}` });
    }
    const heldMs = Math.round(performance.now() - began);
    write('heal', detail);
    healed();
    const recoveryMs = await timed(fault.name, 'at work', (signal) =>
      atWork(mesh, acknowledgements, signal),
    );
    const wentOnMs = await wentOn;
    return {
      fault: fault.name,
      detail,
      heldMs,
      alone: true,
      ...(unhealed !== undefined && { unhealed }),
      ...(goesOn && wentOnMs !== undefined && { [`${goesOn.what}Ms`]: wentOnMs }),
      ...(recoveryMs !== undefined && { recoveryMs }),
    };
  };

  return (drawn) => {
    const self = { alone: there.size === 0 };
    for (const other of there) other.alone = false;
    there.add(self);
    const healed = Promise.withResolvers<undefined>();
    const record = hold(drawn, () => healed.resolve(undefined)).finally(() => {
      there.delete(self);
      healed.resolve(undefined);
    });
    return {
      healed: healed.promise,
      record: record.then((known) => known && { ...known, alone: self.alone }),
    };
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
