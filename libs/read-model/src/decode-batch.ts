import { keyVault, type Envelope, type EventType } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import {
  SamspillError,
  isEventId,
  isPseudonym,
  type ErrorCode,
  type EventId,
  type Position,
  type Pseudonym,
} from '@samspill/kernel';
import type { WireFormat } from '@samspill/schema-registry';

/** A record that is one of ours, decoded and not opened. */
export interface DecodedEvent {
  readonly kind: 'event';
  readonly record: LoggedRecord;
  readonly patient: Pseudonym;
  readonly id: EventId;
  readonly type: EventType;
  readonly clear: unknown;
  /** 0 where nothing is sealed. */
  readonly keyVersion: number;
}

/** A record that is ours and invalid. Without a patient there is nobody to park. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly record: Position;
  readonly patient: Pseudonym | undefined;
  readonly code: ErrorCode;
}

/** A record that is not ours, or a tombstone: skipped and counted. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly record: LoggedRecord;
  readonly patient: undefined;
}

export type Decoded = DecodedEvent | Rejected | Ignored;

/** Decodes the clear part of each record. Rejects with SCHEMA_REGISTRY_UNAVAILABLE: then nothing is known yet. */
export async function decodeBatch(
  wire: WireFormat,
  records: readonly LoggedRecord[],
): Promise<Decoded[]> {
  await wire.learn(records.flatMap(({ value }) => value ?? []));
  return records.map((record) => decode(wire, record));
}

function decode(wire: WireFormat, record: LoggedRecord): Decoded {
  const { key, value } = record;
  if (value === null) return { kind: 'ignored', record, patient: undefined };
  const patient = key !== undefined && isPseudonym(key) ? key : undefined;
  try {
    const read = wire.read(value);
    if ('unknown' in read) {
      assertNotOrder(read.unknown);
      return { kind: 'ignored', record, patient: undefined };
    }
    if (patient === undefined) return rejected(record, patient, 'RECORD_UNREADABLE');
    return eventOf(record, patient, read.event, read.value);
  } catch (error) {
    if (!(error instanceof SamspillError) || error.retriable) throw error;
    return rejected(record, patient, error.code);
  }
}

/** An app whose wire format leaves the patient state out would skip every order to stop, in silence. */
function assertNotOrder(fullName: string): void {
  if (!orders.has(fullName)) return;
  throw new TypeError(`the wire format must be opened with the product ${keyVault.name}`);
}

const orders = new Set<string>(Object.values(keyVault.events).map((event) => event.fullName));

function eventOf(
  record: LoggedRecord,
  patient: Pseudonym,
  type: EventType,
  value: unknown,
): DecodedEvent | Rejected {
  const clear = value as { envelope: Envelope; sealed?: { keyVersion: number } };
  const id = clear.envelope.eventId;
  const keyVersion = clear.sealed?.keyVersion ?? 0;
  const isWhole =
    isEventId(id) &&
    // The vault counts from 1, and refuses a whole call that asks for less.
    (clear.sealed === undefined || keyVersion >= 1) &&
    record.id === id &&
    record.type === type.fullName &&
    record.topic === type.topic;
  if (!isWhole) return rejected(record, patient, 'RECORD_UNREADABLE');
  return { kind: 'event', record, patient, id, type, clear, keyVersion };
}

export const rejected = (
  record: Position,
  patient: Pseudonym | undefined,
  code: ErrorCode,
): Rejected => ({ kind: 'rejected', record, patient, code });
