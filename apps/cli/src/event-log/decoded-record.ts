import type { Envelope, EventType, Sealed } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import { formatPosition, SamspillError } from '@samspill/kernel';
import type { WireFormat } from '@samspill/schema-registry';

/** The clear record of an event. */
export interface ClearRecord {
  readonly envelope: Envelope;
  readonly sealed?: Sealed;
  readonly [field: string]: unknown;
}

/** A record, with the clear part of its event where there is one that can be read. */
export interface DecodedRecord {
  readonly record: LoggedRecord;
  readonly event: { readonly type: EventType; readonly clear: ClearRecord } | undefined;
  /** Why there is none: a code of the catalogue, `TOMBSTONE`, or `TYPE_UNKNOWN`. */
  readonly problem: string | undefined;
}

/** Decodes records and opens none. Rejects with SCHEMA_REGISTRY_UNAVAILABLE. */
export async function decodeRecords(
  wire: WireFormat,
  records: readonly LoggedRecord[],
): Promise<DecodedRecord[]> {
  await wire.learn(records.flatMap(({ value }) => value ?? []));
  return records.map((record): DecodedRecord => {
    const { value } = record;
    if (value === null) return { record, event: undefined, problem: 'TOMBSTONE' };
    try {
      const read = wire.read(value);
      if ('unknown' in read) return { record, event: undefined, problem: 'TYPE_UNKNOWN' };
      const clear = read.value as ClearRecord;
      return { record, event: { type: read.event, clear }, problem: undefined };
    } catch (error) {
      if (!(error instanceof SamspillError) || error.retriable) throw error;
      return { record, event: undefined, problem: error.code };
    }
  });
}

/** What is told of a record without opening it, and without its patient. */
export interface RecordFacts {
  /** `topic:partition:offset` */
  readonly position: string;
  /** Name of the event; the full name where it is not known here. */
  readonly type: string | undefined;
  /** ISO 8601: when the publishing service accepted it. */
  readonly recorded: string | undefined;
  /** ISO 8601: when it took place, at the source's word. */
  readonly occurred: string | undefined;
  readonly keyVersion: number | undefined;
  /** `ce_source`: organisation and domain. */
  readonly source: string | undefined;
  /** Who sent what the event says. */
  readonly client: string | undefined;
  /** nhn-event-id of the call that it comes from. */
  readonly requestId: string | undefined;
  /** Why the record cannot be read. */
  readonly problem: string | undefined;
}

export function recordFacts({ record, event, problem }: DecodedRecord): RecordFacts {
  const envelope = event?.clear.envelope;
  return {
    position: formatPosition(record),
    type: event?.type.name ?? record.type,
    recorded: envelope && isoOf(envelope.recordedAt),
    occurred: envelope && isoOf(envelope.occurredAt),
    keyVersion: event?.clear.sealed?.keyVersion,
    source: record.source,
    client: envelope?.source.clientId,
    requestId: envelope?.correlationId ?? undefined,
    problem,
  };
}

/** ISO 8601; milliseconds as they are where no calendar reaches so far. */
export function isoOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}
