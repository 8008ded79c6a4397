import type { MeasurementRecorded } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import { SamspillError, type EventId, type Pseudonym } from '@samspill/kernel';
import type { WireFormat } from '@samspill/schema-registry';
import type { HeldVersion } from '../decide.ts';
import type { FormerContent, Ledger } from '../ledger/ledger.ts';

/** A ledger in memory over what was published; it sees what lay in the log when it last caught up. */
export interface MemoryLedger extends Ledger {
  /** What was sealed for a patient is erased from now on. */
  erase(patient: Pseudonym): void;
  /** Gives the content of a version, as a read model that may open it has it. */
  open(eventId: EventId, content: FormerContent): void;
  /** While away nothing is answered. */
  away(isAway: boolean): void;
  /** How often it was asked for held versions. */
  asked(): number;
}

export function memoryLedger(log: readonly LoggedRecord[], wire: WireFormat): MemoryLedger {
  let seen: readonly LoggedRecord[] = [];
  let isAway = false;
  let asked = 0;
  const erased = new Set<Pseudonym>();
  const contents = new Map<EventId, FormerContent>();

  const add = (held: Map<string, HeldVersion[]>, record: LoggedRecord) => {
    const read = wire.read(record.value ?? Buffer.alloc(0));
    if (!('event' in read)) throw new Error('another product is on the topic');
    const { envelope, measurementId } = read.value as MeasurementRecorded;
    const { topic, partition, offset } = record;
    const patient = record.key as Pseudonym;
    const versions = held.get(envelope.naturalKey) ?? [];
    if (versions.some(({ eventId }) => eventId === envelope.eventId)) return;
    versions.push({
      eventId: envelope.eventId as EventId,
      measurementId,
      patient,
      contentMark: envelope.contentMark,
      retracted: read.event.name === 'MeasurementRetracted',
      recordedAtMs: envelope.recordedAt,
      position: { topic, partition, offset },
      erased: erased.has(patient),
    });
    held.set(envelope.naturalKey, versions);
  };

  return {
    erase: (patient) => void erased.add(patient),
    open: (eventId, content) => void contents.set(eventId, content),
    away: (now) => void (isAway = now),
    asked: () => asked,
    caughtUp: () => {
      seen = [...log];
      return Promise.resolve();
    },
    held: async (naturalKeys) => {
      if (isAway) throw new SamspillError('DATABASE_UNAVAILABLE');
      asked += 1;
      await wire.learn(seen.flatMap(({ value }) => value ?? []));
      const held = new Map<string, HeldVersion[]>();
      for (const record of seen) add(held, record);
      return new Map([...held].filter(([key]) => naturalKeys.includes(key)));
    },
    formerContents: (versions) => {
      const wanted = new Set(versions.map(({ eventId }) => eventId));
      return Promise.resolve(new Map([...contents].filter(([eventId]) => wanted.has(eventId))));
    },
  };
}
