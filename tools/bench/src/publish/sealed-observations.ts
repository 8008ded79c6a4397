import { randomBytes } from 'node:crypto';
import { measurements } from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import { uuidV8 } from '@samspill/kernel';
import { sealEvent } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import { hubMeasurements, hubOrganisation } from '../rows/hub-measurements.ts';
import { patientAt } from '../rows/measurement-row.ts';

const patients = 10_000;
const event = measurements.events.MeasurementRecorded;

/**
 * Endless events of sealed Observations, each with an id of its own, about 10,000 patients. What is sealed comes again and again,
 * since the publisher looks at none of it.
 */
export function* sealedObservations(topic: string): Generator<OutgoingEvent> {
  const sealed = sealedOnce();
  for (let index = 0; ; index += 1) {
    const template = sealed[index % sealed.length];
    if (template === undefined) throw new RangeError('a hub sends something');
    const id = uuidV8(randomBytes(16));
    yield { ...template, topic, id, key: patientAt(index, patients) };
  }
}

/** Each kind of measurement of a hub, as the intake seals it. */
function sealedOnce(): OutgoingEvent[] {
  const wire = memoryWireFormat([measurements]);
  const key = { version: 1, key: randomBytes(32) };
  const mark = (): string => randomBytes(32).toString('base64url');
  return hubMeasurements('publish').measurements.map(({ clear, content, occurredAtMs }) =>
    sealEvent(wire, event, {
      patient: patientAt(0, patients),
      key,
      content,
      clear: {
        ...clear,
        measurementId: mark().slice(0, 36),
        envelope: {
          eventId: uuidV8(randomBytes(16)),
          occurredAt: occurredAtMs,
          recordedAt: occurredAtMs,
          naturalKey: mark(),
          contentMark: mark(),
          source: {
            ...{ orgnrParent: hubOrganisation, orgnrChild: null },
            ...{ clientId: 'home-hub', system: 'Hub 2.1' },
          },
          correlationId: uuidV8(randomBytes(16)),
          causationId: null,
        },
      },
    }),
  );
}

/** Mean length of a value. */
export function bytesOfEvent(): number {
  const lengths = sealedOnce().map(({ value }) => value.length);
  return Math.round(lengths.reduce((sum, one) => sum + one, 0) / lengths.length);
}
