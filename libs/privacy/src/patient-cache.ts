import type { Pseudonym } from '@samspill/kernel';
import { LRUCache } from 'lru-cache';
import { PatientIndex } from './patient-index.ts';

interface PatientCacheOptions<Value> {
  /** Those used last stay. */
  readonly entriesMax: number;
  /** How long an entry stays, however often it is used; as long as there is room unless given. */
  readonly lifeMs?: number;
  readonly patientsOf: (value: Value) => readonly Pseudonym[];
  /** Told of what leaves, also of what is replaced. */
  readonly onGone?: (value: Value) => void;
}

/** A cache in memory that knows whom its entries are about. */
export class PatientCache<Value extends object> {
  readonly #index = new PatientIndex();
  readonly #values: LRUCache<string, Value>;

  constructor(private readonly options: PatientCacheOptions<Value>) {
    const { entriesMax, lifeMs, patientsOf, onGone } = options;
    this.#values = new LRUCache({
      max: entriesMax,
      // A timer an entry, so that it leaves memory in time and not when it is next asked for.
      ...(lifeMs !== undefined && { ttl: lifeMs, ttlAutopurge: true }),
      perf: { now: () => performance.now() },
      dispose: (value, name) => {
        for (const patient of patientsOf(value)) this.#index.remove(patient, name);
        onGone?.(value);
      },
    });
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
    for (const patient of this.options.patientsOf(value)) this.#index.add(patient, name);
  }

  holds(patient: Pseudonym): boolean {
    return this.#index.has(patient);
  }

  namesOf(patient: Pseudonym): readonly string[] {
    return this.#index.entriesOf(patient);
  }

  /** Takes out what is about the patient, all of it unless told. */
  forget(patient: Pseudonym, isMeant: (value: Value) => boolean = () => true): void {
    for (const name of this.namesOf(patient)) {
      const value = this.#values.peek(name);
      if (value !== undefined && isMeant(value)) this.#values.delete(name);
    }
  }
}
