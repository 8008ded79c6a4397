import { measurements, type MeasurementContent } from '@samspill/contracts';
import { nothingMore } from '@samspill/contracts/sample';
import type { EventPublisher, OutgoingEvent } from '@samspill/event-log';
import type { EventId, Position, Pseudonym } from '@samspill/kernel';
import {
  contentMarkOf,
  eventIdOf,
  naturalKeyOf,
  resourceIdOf,
  sealEvent,
  type KeyClient,
} from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';

const product = measurements.name;
const event = measurements.events.MeasurementRecorded;
const organisation = '310000019';

export interface WriterParts {
  readonly keys: KeyClient;
  readonly wire: WireFormat;
  readonly publisher: EventPublisher;
}

/** One heart rate; `value` rises by one per patient, so that order can be seen in the rows. */
export interface Reading {
  readonly patient: Pseudonym;
  readonly value: number;
}

export interface PublishedReading {
  readonly eventId: EventId;
  readonly measurementId: string;
  readonly position: Position;
}

/**
 * Publishes straight to the log, without the intake, as a domain with a Kafka client of its own would. The same reading
 * is the same event. Rejects as the publisher and the key client do.
 */
export async function publishReadings(
  { keys, wire, publisher }: WriterParts,
  readings: readonly Reading[],
): Promise<PublishedReading[]> {
  const patients = [...new Set(readings.map(({ patient }) => patient))];
  const [indexKey, dataKeys] = await Promise.all([
    keys.indexKey(product),
    keys.sealingKeys(product, patients),
  ]);
  const keyOf = new Map(patients.map((patient, index) => [patient, dataKeys[index]]));
  const sealed = readings.map(({ patient, value }): SealedReading => {
    const key = keyOf.get(patient);
    if (key === undefined) throw new Error('the key vault gave no key');
    const naturalKey = naturalKeyOf(indexKey, organisation, [patient, String(value)]);
    const contentMark = contentMarkOf(indexKey, String(value));
    const eventId = eventIdOf(indexKey, { organisation, naturalKey, contentMark });
    const measurementId = resourceIdOf(indexKey, organisation, naturalKey);
    const now = Date.now();
    const outgoing = sealEvent(wire, event, {
      patient,
      key,
      clear: {
        envelope: {
          eventId,
          occurredAt: now,
          recordedAt: now,
          naturalKey,
          contentMark,
          source: {
            orgnrParent: organisation,
            orgnrChild: null,
            clientId: 'home-hub',
            system: null,
          },
          correlationId: null,
          causationId: null,
        },
        measurementId,
        status: 'final',
        categories: ['vital-signs'],
        municipality: '0301',
      },
      content: heartRate(value),
    });
    return { outgoing, eventId, measurementId };
  });
  const positions = await publisher.publish(sealed.map(({ outgoing }) => outgoing));
  return sealed.map(({ eventId, measurementId }, index) => {
    const position = positions[index];
    if (position === undefined) throw new Error('the publisher answers for every event');
    return { eventId, measurementId, position };
  });
}

interface SealedReading {
  readonly outgoing: OutgoingEvent;
  readonly eventId: EventId;
  readonly measurementId: string;
}

function heartRate(value: number): MeasurementContent {
  const effective = new Date(Date.UTC(2026, 0, 1) + value * 60_000).toISOString();
  return {
    ...nothingMore,
    kind: 'heart-rate',
    codes: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }],
    subject: { system: null, value: 'known to the writer alone' },
    effective: { start: effective, end: null, precision: 'instant', basis: 'effective' },
    value: {
      type: 'Quantity',
      text: String(value),
      comparator: null,
      unit: '/min',
      unitSystem: 'http://unitsofmeasure.org',
      unitCode: '/min',
      codes: [],
    },
    resource: '{"resourceType":"Observation"}',
  };
}
