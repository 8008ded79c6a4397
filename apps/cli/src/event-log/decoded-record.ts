import type { Envelope, EventType, Sealed } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import { SamspillError } from '@samspill/kernel';
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
