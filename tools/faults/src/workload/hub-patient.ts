import { bundleOf, heartRate, type SeededRandom } from '@samspill/testing';
import type { Action, Operation } from '../history/history-line.ts';
import type { Person } from './people.ts';

/** What the hub asks for next, as FHIR. */
export interface HubOperation extends Operation {
  readonly action: Action;
  readonly measurement: number;
  readonly resource: string;
}

interface Measured {
  /** The `n` that recorded it. */
  readonly measurement: number;
  readonly value: number;
}

/** A screen shows the newest 100 of a series, so that these, and what replaces them, are among them. */
const changeableMax = 20;

/**
 * One patient at a hub: decides what is sent next, so that the highest value on a screen only rises. What holds the
 * highest value is therefore never taken back.
 */
export class HubPatient {
  #n = 0;
  #highest = 0;
  #changeable: Measured[] = [];

  constructor(
    readonly person: Person,
    private readonly writer: string,
    private readonly random: SeededRandom,
  ) {}

  /** The highest value that is acknowledged. */
  get highest(): number {
    return this.#highest;
  }

  next(): HubOperation {
    this.#n += 1;
    const n = this.#n;
    const op = `${this.writer}/${this.person.number}/${n}`;
    const drawn = this.random.next();
    const target = this.#target(drawn < 0.12);
    const action =
      target === undefined || drawn > 0.3 ? 'record' : drawn < 0.12 ? 'retract' : 'correct';
    const measurement = action === 'record' ? n : (target?.measurement ?? n);
    const patient = this.person.pseudonym;
    return {
      op,
      patient,
      n,
      action,
      measurement,
      resource: this.#resource(action, measurement, n),
    };
  }

  acknowledged({ action, measurement, n }: HubOperation): void {
    const rest = this.#changeable.filter((one) => one.measurement !== measurement);
    this.#changeable =
      action === 'retract' ? rest : [...rest, { measurement, value: n }].slice(-changeableMax);
    if (action !== 'retract') this.#highest = n;
  }

  /** What was measured so far is not changed any more: its key is being destroyed. */
  leavePast(): void {
    this.#changeable = [];
  }

  #target(toRetract: boolean): Measured | undefined {
    const fit = this.#changeable.filter(({ value }) => !toRetract || value !== this.#highest);
    return fit[this.random.whole(0, Math.max(0, fit.length - 1))];
  }

  /**
   * As PUT with the time of the change. An intake that was halted may come to a try long after another one has answered it
   * and what came next: by its time it is known as older. Marked as a correction it would count as a change once more.
   */
  #resource(action: Action, measurement: number, n: number): string {
    const status = action === 'retract' ? 'entered-in-error' : 'final';
    return heartRate({
      nationalId: this.person.nationalId,
      id: `fault-run-${this.person.number}-${measurement}`,
      value: String(n),
      status,
      updated: new Date().toISOString(),
      effective: new Date(Date.UTC(2026, 0, 1) + measurement * 60_000).toISOString(),
    });
  }
}

/** One call for several patients. */
export const bundleOfOperations = (operations: readonly HubOperation[]): string =>
  bundleOf(
    operations.map(({ resource }) => resource),
    'PUT',
  );
