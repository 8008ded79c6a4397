import { measurements } from '@samspill/contracts';
import { partitionOf, type OutgoingEvent } from '@samspill/event-log';
import {
  formatPosition,
  isRetriable,
  newPseudonym,
  throwUnlessRetriable,
  type Pseudonym,
} from '@samspill/kernel';
import type { RunningMaterialiser } from '../materialiser.ts';
import { countGates, requeue, type RequeueWho } from '../parked.ts';
import type { Projection } from '../projection.ts';
import { cutConnections } from './connections.ts';
import { grantClosed, grantOpened, keyShredded, recorded, type RecordedFacts } from './events.ts';
import { eventually, recordsOf, type Ward } from './ward.ts';

export const partitionCount = 2;

/** Two on each partition, so that one catches up while another one streams. */
export const patients: readonly Pseudonym[] = [0, 0, 1, 1].map((partition) => {
  for (;;) {
    const patient = newPseudonym();
    if (partitionOf(patient, partitionCount) === partition) return patient;
  }
});

const product = measurements.name;
const small = { recordsMax: 3, lookedAtMax: 8, nearRecords: 4 };
/** The first instance notes progress for all who wait only now and then. */
const notedEvery = (index: number): number => (index === 0 ? 10 : 0);

interface Published {
  readonly event: OutgoingEvent;
  readonly keyVersion: number;
  readonly patient: Pseudonym;
  readonly facts: RecordedFacts;
  readonly isSpoilt: boolean;
}

/** An app of two instances that is put to the test, and what a plain fold of its log comes to. */
export class TriedApp {
  readonly #closed = new Set<Pseudonym>();
  readonly #shredded = new Map<Pseudonym, number>();
  readonly #published = new Map<string, Published>();
  /** Key version of what the log holds, by position. */
  readonly #sealedUnder = new Map<string, number>();
  readonly #unsaid: OutgoingEvent[] = [];
  readonly #instances: RunningMaterialiser[] = [];
  readonly #meanwhile: (() => void | Promise<void>)[] = [];
  #isVaultAway = false;

  constructor(
    private readonly ward: Ward,
    private projection: Projection,
  ) {}

  /** Starts both instances, or starts them anew, with this projection. */
  async restartAll(projection = this.projection): Promise<void> {
    this.projection = projection;
    for (const index of [0, 1]) await this.restart(index);
  }

  async restart(index: number): Promise<void> {
    await this.#instances[index]?.close();
    this.#instances[index] = await retried(() =>
      this.ward.start({
        projection: this.projection,
        lookForWaitingMs: 2,
        catchUpSizes: { ...small, notedEvery: notedEvery(index) },
        probe: (point, { isBehind }) =>
          isBehind === true && point === 'begun' ? this.#happenNext() : undefined,
      }),
    );
  }

  /** Puts an act off until someone is caught up: it comes between the reading of the gates and the lock. */
  meanwhile(act: () => void | Promise<void>): void {
    this.#meanwhile.push(act);
  }

  async #happenNext(): Promise<void> {
    const act = this.#meanwhile.shift();
    if (act === undefined) return;
    await act();
    // Lets the patient state be followed; how far it comes is left open.
    for (let turns = 0; turns < 5; turns += 1)
      await this.ward.readings().catch(throwUnlessRetriable);
  }

  /** With these facts the projection or the database refuses it, unless they are left out. */
  async record(patient: Pseudonym, spoilt?: RecordedFacts): Promise<void> {
    await this.#seal(patient, spoilt ?? {}, spoilt !== undefined);
  }

  /** As a publisher that was not answered and seals the event again, by then perhaps under a later key. */
  async sealAgain(patient: Pseudonym, index: number): Promise<void> {
    const own = [...this.#published.values()].filter((one) => one.patient === patient);
    const published = own[index % own.length];
    if (published === undefined) return;
    const { event, facts, isSpoilt } = published;
    await this.#seal(patient, { ...facts, id: event.id }, isSpoilt);
  }

  async #seal(patient: Pseudonym, facts: RecordedFacts, isSpoilt: boolean): Promise<void> {
    // The domain still reaches the vault when the app does not.
    this.ward.keys.away(false);
    const sealing = this.ward.keys.sealingKeys(product, [patient]);
    this.ward.keys.away(this.#isVaultAway);
    const [key] = await sealing;
    if (key === undefined) return;
    const event = recorded(patient, key, facts);
    const { version: keyVersion } = key;
    this.#published.set(event.id, { event, keyVersion, patient, facts, isSpoilt });
    this.#append(event, keyVersion);
  }

  #append(event: OutgoingEvent, keyVersion: number): void {
    for (const position of this.ward.append(event))
      this.#sealedUnder.set(formatPosition(position), keyVersion);
  }

  /** As a publisher that was not answered. */
  repeat(index: number): void {
    const published = [...this.#published.values()][index % this.#published.size];
    if (published !== undefined) this.#append(published.event, published.keyVersion);
  }

  /** By the vault, which has not said so yet. */
  shred(patient: Pseudonym): void {
    const version = this.ward.keys.shred(product, patient);
    if (version === 0) return;
    this.#shredded.set(patient, version);
    this.#unsaid.push(keyShredded(patient, version));
  }

  /** The vault says what it has shredded. */
  say(): void {
    this.ward.append(...this.#unsaid.splice(0));
  }

  close(patient: Pseudonym): void {
    this.ward.keys.withhold(product, patient);
    this.ward.append(grantClosed(patient));
    this.#closed.add(patient);
  }

  open(patient: Pseudonym): void {
    this.ward.keys.release(product, patient);
    this.ward.append(grantOpened(patient));
    this.#closed.delete(patient);
  }

  openAll(): void {
    for (const patient of this.#closed) this.open(patient);
  }

  vaultIsAway(isAway: boolean): void {
    this.#isVaultAway = isAway;
    this.ward.keys.away(isAway);
  }

  async requeue(who: RequeueWho): Promise<void> {
    const { pool, schema } = this.ward;
    await retried(() => requeue(pool, { schema, projection: this.projection.name, ...who }));
  }

  /** Cuts every connection to the database. */
  async cut(): Promise<void> {
    await cutConnections(this.ward).catch(throwUnlessRetriable);
  }

  /** All that was put off and did not come to pass. */
  async happenAll(): Promise<void> {
    for (const act of this.#meanwhile.splice(0)) await act();
  }

  /** Waits until nothing is left to read, neither live nor for those who wait. */
  async settled(): Promise<void> {
    this.vaultIsAway(false);
    this.say();
    const left = async (): Promise<number> => {
      const { pool, schema } = this.ward;
      const [instance] = this.#instances;
      const lags = (await instance?.lag()) ?? [];
      const gates = await countGates(pool, { schema });
      return [
        ...lags.map(({ records }) => records),
        ...gates.map(({ state, patients: count }) => (state === 'catching-up' ? count : 0)),
      ].reduce((sum, n) => sum + n, 0);
    };
    await eventually(() => retried(left)).toBe(0);
  }

  /** What the read model holds: event and offset, in order. */
  async held(): Promise<Record<Pseudonym, string[]>> {
    const rows = await retried(() => this.ward.readings());
    return byPatient((patient) =>
      rows
        .filter((row) => row.patient === patient)
        .map(({ event_id, src_offset }) => `${event_id} at ${src_offset}`),
    );
  }

  /** What the log comes to: `mended` where the projection takes every event. */
  async folded({ mended }: { readonly mended: boolean }): Promise<Record<Pseudonym, string[]>> {
    const records = await recordsOf(this.ward.log, measurements.topic);
    return byPatient((patient) => {
      const rows = new Map<string, { readonly offset: number; readonly keyVersion: number }>();
      if (this.#closed.has(patient)) return [];
      for (const { key, id = '', topic, partition, offset } of records) {
        if (key !== patient) continue;
        const { isSpoilt = false } = this.#published.get(id) ?? {};
        const place = formatPosition({ topic, partition, offset });
        const keyVersion = this.#sealedUnder.get(place) ?? 0;
        if (keyVersion <= (this.#shredded.get(patient) ?? 0)) continue;
        // Here the patient is parked.
        if (isSpoilt && !mended) break;
        if ((rows.get(id)?.keyVersion ?? 0) < keyVersion) rows.set(id, { offset, keyVersion });
      }
      return [...rows].sort(byOffset).map(([id, { offset }]) => `${id} at ${offset}`);
    });
  }
}

const byOffset = (
  [, one]: readonly [string, { readonly offset: number }],
  [, other]: readonly [string, { readonly offset: number }],
): number => one.offset - other.offset;

const byPatient = (
  valuesOf: (patient: Pseudonym) => string[],
): Readonly<Record<Pseudonym, string[]>> =>
  Object.fromEntries(patients.map((patient) => [patient, valuesOf(patient)]));

/** The test itself is not spared when connections are cut. */
async function retried<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isRetriable(error) || tries === 20) throw error;
    }
  }
}
