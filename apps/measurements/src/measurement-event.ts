import {
  measurements,
  type Envelope,
  type MeasurementContent,
  type RetractionContent,
  type Source,
} from '@samspill/contracts';
import type { OutgoingEvent } from '@samspill/event-log';
import type { EventId } from '@samspill/kernel';
import { contentMarkOf, eventIdOf, sealEvent, type DataKey } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import { changedElements } from './changed-elements.ts';
import type { HeldVersion, MeasurementFact } from './decide.ts';
import type { NamedMeasurement } from './named-measurement.ts';

/** Who sends, and in which conversation. */
export interface Sender {
  readonly source: Source;
  /** nhn-event-id */
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
}

/** A fact with its name, ready to be sealed. */
export interface PlannedEvent {
  readonly named: NamedMeasurement;
  readonly fact: MeasurementFact;
  /** What will be held of it. */
  readonly version: HeldVersion;
  readonly replaces: HeldVersion | undefined;
  /** Event id of the fact ahead of it in the same decision. */
  readonly causationId: EventId | undefined;
}

/** Names the facts of a decision. Each is recorded later than what it replaces, whatever the clocks say. */
export function planEvents(
  named: NamedMeasurement,
  facts: readonly MeasurementFact[],
  current: HeldVersion | undefined,
  indexKey: Buffer,
  nowMs: number,
): PlannedEvent[] {
  let replaces = current;
  let causationId: EventId | undefined;
  return facts.map((fact) => {
    // The retraction of a wrong patient says nothing that the source sent, so its content is named by its reason.
    const byUs = fact.name === 'MeasurementRetracted' && fact.reason === 'wrong-patient';
    const contentMark = byUs ? contentMarkOf(indexKey, 'wrong-patient') : named.contentMark;
    const { naturalKey, measurementId, sent } = named;
    const version: HeldVersion = {
      eventId: eventIdOf(indexKey, {
        organisation: sent.organisation,
        naturalKey,
        contentMark,
        replaces: replaces?.eventId,
      }),
      measurementId,
      patient: fact.patient,
      contentMark,
      retracted: fact.name === 'MeasurementRetracted',
      recordedAtMs: Math.max(nowMs, (replaces?.recordedAtMs ?? 0) + 1),
      position: undefined,
      erased: false,
      sourceUpdatedAtMs: sent.sourceUpdatedAtMs,
    };
    const planned = { named, fact, version, replaces, causationId };
    replaces = version;
    causationId = version.eventId;
    return planned;
  });
}

/** Seals a planned event. `formerResource`: the resource that a correction replaces, where it is at hand. */
export function sealPlanned(
  wire: Pick<WireFormat, 'frame'>,
  planned: PlannedEvent,
  key: DataKey,
  sender: Sender,
  formerResource: string | undefined,
): OutgoingEvent {
  const { named, fact } = planned;
  const { content, clear } = named.sent;
  const { patient } = fact;
  const { MeasurementRecorded, MeasurementCorrected, MeasurementRetracted } = measurements.events;
  const sealing = { patient, key, traceparent: sender.traceparent };
  const facts = {
    ...clear,
    envelope: envelopeOf(planned, sender),
    measurementId: named.measurementId,
  };
  switch (fact.name) {
    case 'MeasurementRecorded':
      return sealEvent(wire, MeasurementRecorded, { ...sealing, clear: facts, content });
    case 'MeasurementCorrected': {
      const correction = {
        replacesEventId: planned.replaces?.eventId ?? '',
        changedElements: changedElements(formerResource, content.resource),
        measurement: content,
      };
      return sealEvent(wire, MeasurementCorrected, {
        ...sealing,
        clear: facts,
        content: correction,
      });
    }
    case 'MeasurementRetracted': {
      const byUs = fact.reason === 'wrong-patient';
      const taken = byUs
        ? { ...facts, status: 'entered-in-error', categories: [], municipality: null }
        : facts;
      const retraction = retractionContent(planned, byUs ? fact.reason : clear.status, content);
      return sealEvent(wire, MeasurementRetracted, {
        ...sealing,
        clear: taken,
        content: retraction,
      });
    }
  }
}

/** The resource names its subject: it is not kept under another patient's key. */
const retractionContent = (
  { named, fact, replaces }: PlannedEvent,
  reason: string,
  { resource }: MeasurementContent,
): RetractionContent => ({
  reason,
  retractsEventId: replaces?.eventId ?? null,
  resource: reason !== 'wrong-patient' && named.patients.includes(fact.patient) ? resource : null,
});

const envelopeOf = ({ named, version, causationId }: PlannedEvent, sender: Sender): Envelope => ({
  eventId: version.eventId,
  occurredAt: named.sent.occurredAtMs,
  recordedAt: version.recordedAtMs,
  naturalKey: named.naturalKey,
  contentMark: version.contentMark,
  source: sender.source,
  correlationId: sender.correlationId,
  causationId: causationId ?? null,
});
