import { formatPosition } from '@samspill/kernel';
import type { ClearRecord, DecodedRecord } from '../event-log/decoded-record.ts';
import type { Opening } from './open-contents.ts';
import type { PatientAliases } from './patient-aliases.ts';

/** One record as `--json` tells it: no pseudonym, no number of a patient. */
export interface TailedEvent {
  /** ISO 8601: when the publishing service accepted it; when the broker has it from, where it cannot be read. */
  readonly time: string;
  /** Name of the event; the full name where it is not known here. */
  readonly type: string | undefined;
  /** An alias that holds within one session. */
  readonly patient: string | undefined;
  readonly eventId: string | undefined;
  /** `topic:partition:offset` */
  readonly position: string;
  /** `ce_source`: organisation and domain. */
  readonly source: string | undefined;
  /** Who sent what the event says. */
  readonly client: string | undefined;
  /** nhn-event-id of the call that it comes from. */
  readonly requestId: string | undefined;
  /** ISO 8601: when it took place, at the source's word. */
  readonly occurred: string | undefined;
  /** The other clear fields. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly keyVersion: number | undefined;
  readonly opening: Opening | undefined;
  /** Why the record cannot be read. */
  readonly problem: string | undefined;
}

/** A decoded record as it is shown; `opening` is what became of its sealed part, where it was asked for. */
export function tailedEvent(
  { record, event, problem }: DecodedRecord,
  opening: Opening | undefined,
  aliases: PatientAliases,
): TailedEvent {
  const envelope = event?.clear.envelope;
  const keyVersion = event?.clear.sealed?.keyVersion;
  return {
    time: isoOf(envelope?.recordedAt ?? record.timestampMs),
    type: event?.type.name ?? record.type,
    patient: record.key === undefined ? undefined : aliases.of(record.key),
    eventId: record.id,
    position: formatPosition(record),
    source: record.source,
    client: envelope?.source.clientId,
    requestId: envelope?.correlationId ?? undefined,
    occurred: envelope && isoOf(envelope.occurredAt),
    facts: event === undefined ? {} : factsOf(event.clear),
    keyVersion,
    opening: keyVersion === undefined ? undefined : (opening ?? { outcome: 'sealed' }),
    problem,
  };
}

/** Fields that are told of elsewhere. */
const toldElsewhere: readonly string[] = ['envelope', 'sealed'];

const factsOf = (clear: ClearRecord): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(clear).filter(
      ([name, value]) => !toldElsewhere.includes(name) && value !== null && !isEmptyList(value),
    ),
  );

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function isoOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}
