import { randomBytes, randomUUID } from 'node:crypto';
import { measurements, type MeasurementRecorded } from '@samspill/contracts';
import type { EventPublisher, OutgoingEvent } from '@samspill/event-log';
import { readMeasurement } from '@samspill/fhir';
import { uuidV8, type Position, type Pseudonym } from '@samspill/kernel';
import { sealEvent, type DataKey, type KeyClient } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';

/** What the events of a measurement have in common. */
interface SealFacts {
  readonly patient: Pseudonym;
  readonly key: DataKey;
  readonly clear: Omit<MeasurementRecorded, 'sealed'>;
}

interface Home {
  readonly publisher: EventPublisher;
  readonly wire: WireFormat;
  readonly keys: KeyClient;
}

/** For specs: a home that measures. FHIR goes in by the rules of the intake, sealed events come out. */
export function home({ publisher, wire, keys }: Home) {
  const product = measurements.name;
  const publish = async (
    nationalId: string,
    measurementId: string,
    status: string,
    seal: (facts: SealFacts) => OutgoingEvent,
  ): Promise<Position> => {
    const [set] = await keys.pseudonyms([{ system: null, value: nationalId }], 'create');
    const patient = set?.[0];
    if (patient === undefined) throw new Error('the vault made no pseudonym');
    const [key] = await keys.sealingKeys(product, [patient]);
    if (key === undefined) throw new Error('the vault made no key');
    const now = Date.now();
    const envelope = {
      eventId: uuidV8(randomBytes(16)),
      occurredAt: now,
      recordedAt: now,
      naturalKey: measurementId,
      contentMark: '',
      source: {
        orgnrParent: '310000019',
        orgnrChild: null,
        clientId: 'home-hub',
        system: 'Hub 2.1',
      },
      correlationId: null,
      causationId: null,
    };
    const clear = { envelope, measurementId, status, categories: [], municipality: '0301' };
    const [position] = await publisher.publish([seal({ patient, key, clear })]);
    if (position === undefined) throw new Error('the log gave no position');
    return position;
  };
  return {
    /** Answers with the position; a measurement id that comes again is a later version. */
    measures: (
      nationalId: string,
      observation: Record<string, unknown>,
      measurementId: string = randomUUID(),
    ): Promise<Position> => {
      const body = Buffer.from(
        JSON.stringify({
          resourceType: 'Observation',
          subject: { identifier: { value: nationalId } },
          ...observation,
        }),
      );
      const read = readMeasurement(body, {
        identity: 'lenient',
        now: new Date(),
        orgnrParent: '310000019',
        sendsFor: [],
      });
      if (read.outcome !== 'accepted') throw new Error(JSON.stringify(read.issues));
      const { content, clear } = read;
      return publish(nationalId, measurementId, clear.status, (facts) =>
        sealEvent(wire, measurements.events.MeasurementRecorded, { ...facts, content }),
      );
    },
    takesBack: (nationalId: string, measurementId: string, reason = 'entered-in-error') =>
      publish(nationalId, measurementId, 'entered-in-error', (facts) =>
        sealEvent(wire, measurements.events.MeasurementRetracted, {
          ...facts,
          content: { reason, retractsEventId: null, resource: null },
        }),
      ),
  };
}
