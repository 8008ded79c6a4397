import { createHash, randomBytes } from 'node:crypto';
import {
  keyVault,
  measurements,
  type Envelope,
  type MeasurementContent,
} from '@samspill/contracts';
import { nothingMore } from '@samspill/contracts/sample';
import type { OutgoingEvent } from '@samspill/event-log';
import { uuidV8, type EventId, type Pseudonym } from '@samspill/kernel';
import { clearEvent, sealEvent, type DataKey } from '@samspill/privacy';
import { memoryWireFormat, type WireFormat } from '@samspill/schema-registry';

export const wire = memoryWireFormat([measurements, keyVault]);

export const newEventId = (): EventId => uuidV8(randomBytes(16));

const envelope = (eventId: EventId): Envelope => ({
  eventId,
  occurredAt: Date.UTC(2026, 0, 5, 7),
  recordedAt: Date.UTC(2026, 0, 5, 8),
  naturalKey: createHash('sha256').update(eventId).digest('base64url'),
  contentMark: 'mark',
  source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'home-hub', system: null },
  correlationId: null,
  causationId: null,
});

/** What a heart rate looks like; `value` as text and a note are what specs change. */
export const content = (value: string, note = ''): MeasurementContent => ({
  ...nothingMore,
  kind: 'heart-rate',
  codes: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart "rate" \\ pulse' }],
  subject: { system: null, value: '15838510075' },
  effective: {
    start: '2026-01-05T08:00:00+01:00',
    end: null,
    precision: 'instant',
    basis: 'effective',
  },
  value: {
    type: 'Quantity',
    text: value,
    comparator: null,
    unit: '/min',
    unitSystem: null,
    unitCode: '/min',
    codes: [],
  },
  referenceRanges: [{ low: '50', high: '90', unit: '/min', text: null }],
  notes: [note],
  resource: '{"resourceType":"Observation","value":85.0000000001}',
});

export interface RecordedFacts {
  readonly id?: EventId;
  readonly value?: string;
  readonly note?: string;
}

/** A sealed `MeasurementRecorded`, on the topic of the product unless another type is given. */
export const recorded = (
  patient: Pseudonym,
  key: DataKey,
  { id = newEventId(), value = '85', note = '' }: RecordedFacts = {},
  type: typeof measurements.events.MeasurementRecorded = measurements.events.MeasurementRecorded,
  framing: Pick<WireFormat, 'frame'> = wire,
): OutgoingEvent =>
  sealEvent(framing, type, {
    patient,
    key,
    clear: {
      envelope: envelope(id),
      measurementId: id,
      status: 'final',
      categories: ['vital-signs'],
      municipality: '0301',
    },
    content: content(value, note),
  });

export interface GrantFacts {
  readonly consumer?: string;
  readonly product?: string;
}

const grantOf = ({ consumer = 'ward', product = measurements.name }: GrantFacts) => ({
  envelope: envelope(newEventId()),
  consumer,
  product,
});

export const grantOpened = (
  patient: Pseudonym,
  facts: GrantFacts = {},
  framing: Pick<WireFormat, 'frame'> = wire,
): OutgoingEvent =>
  clearEvent(framing, keyVault.events.GrantOpened, { patient, clear: grantOf(facts) });

export const grantClosed = (
  patient: Pseudonym,
  facts: GrantFacts = {},
  framing: Pick<WireFormat, 'frame'> = wire,
): OutgoingEvent =>
  clearEvent(framing, keyVault.events.GrantClosed, {
    patient,
    clear: { ...grantOf(facts), cause: 'reservation' },
  });

export const keyShredded = (
  patient: Pseudonym,
  keyVersion: number,
  product: string = measurements.name,
): OutgoingEvent =>
  clearEvent(wire, keyVault.events.KeyShredded, {
    patient,
    clear: { envelope: envelope(newEventId()), product, keyVersion, cause: 'erasure order' },
  });
