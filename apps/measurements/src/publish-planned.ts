import { PublishOutcomeUnknown, type EventPublisher } from '@samspill/event-log';
import { SamspillError, type EventId, type Position } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { FormerContent } from './ledger/ledger.ts';
import { sealPlanned, type PlannedEvent, type Sender } from './measurement-event.ts';
import { product } from './named-measurement.ts';

export interface PublishParts {
  readonly keys: Pick<KeyClient, 'sealingKeys'>;
  readonly publisher: EventPublisher;
  readonly wire: Pick<WireFormat, 'frame'>;
  /** Told when events were sent and their outcome is not known, or when the rest of a call could not be sent. */
  readonly onUnknownOutcome: (error: unknown) => void;
}

export interface Published {
  /** Of what was acknowledged. */
  readonly positions: ReadonlyMap<EventId, Position>;
  /** What is still being sent past the deadline, and the positions that it comes to. */
  readonly late?: {
    readonly events: readonly PlannedEvent[];
    readonly positions: Promise<readonly Position[]>;
  };
}

/**
 * Publishes in waves: an event that replaces one of another patient in this call waits for its acknowledgement, since the
 * two may lie on different partitions. All else goes at once, in order. Rejects only when nothing was sent at all.
 */
export async function publishPlanned(
  { keys, publisher, wire, onUnknownOutcome }: PublishParts,
  planned: readonly PlannedEvent[],
  sender: Sender,
  former: ReadonlyMap<EventId, FormerContent>,
): Promise<Published> {
  const positions = new Map<EventId, Position>();
  if (planned.length === 0) return { positions };
  const patients = [...new Set(planned.map(({ fact }) => fact.patient))];
  const dataKeys = await keys.sealingKeys(product, patients);
  const seal = (event: PlannedEvent) => {
    const key = dataKeys[patients.indexOf(event.fact.patient)];
    if (key === undefined) throw new TypeError('the key vault gives a key for every patient');
    const replaced = event.replaces === undefined ? undefined : former.get(event.replaces.eventId);
    return sealPlanned(wire, event, key, sender, replaced?.resource);
  };
  try {
    let waiting = planned;
    for (let wave = 0; waiting.length > 0; wave += 1) {
      const ready = nextWave(waiting);
      try {
        const acknowledged = await publisher.publish(ready.map(seal));
        ready.forEach(({ version }, at) => {
          const position = acknowledged[at];
          if (position !== undefined) positions.set(version.eventId, position);
        });
      } catch (error) {
        if (wave === 0 && !isOutcomeUnknown(error)) throw error;
        onUnknownOutcome(error);
        if (!(error instanceof PublishOutcomeUnknown)) return { positions };
        return { positions, late: { events: ready, positions: error.late } };
      }
      const sent = new Set(ready);
      waiting = waiting.filter((event) => !sent.has(event));
    }
    return { positions };
  } finally {
    for (const { key } of dataKeys) key.fill(0);
  }
}

/** What is not kept waiting by an event of this call that it replaces: behind one of the same patient it can go at once. */
function nextWave(waiting: readonly PlannedEvent[]): PlannedEvent[] {
  const all = new Set(waiting.map(({ version }) => version.eventId));
  const ready = new Set<EventId>();
  return waiting.filter(({ version, replaces }) => {
    const goes =
      replaces === undefined ||
      !all.has(replaces.eventId) ||
      (ready.has(replaces.eventId) && replaces.patient === version.patient);
    if (goes) ready.add(version.eventId);
    return goes;
  });
}

const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof SamspillError && error.code === 'PUBLISH_OUTCOME_UNKNOWN';
