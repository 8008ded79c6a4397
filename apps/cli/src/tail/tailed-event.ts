import {
  isoOf,
  recordFacts,
  type ClearRecord,
  type DecodedRecord,
  type RecordFacts,
} from '../event-log/decoded-record.ts';
import type { Opening } from './open-contents.ts';
import type { PatientAliases } from './patient-aliases.ts';

/** One record as `--json` tells it: no pseudonym, no number of a patient. */
export interface TailedEvent extends Omit<RecordFacts, 'recorded'> {
  /** ISO 8601: when the publishing service accepted it; when the broker has it from, where it cannot be read. */
  readonly time: string;
  /** An alias that holds within one session. */
  readonly patient: string | undefined;
  readonly eventId: string | undefined;
  /** The other clear fields. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly opening: Opening | undefined;
}

/** A decoded record as it is shown; `opening` is what became of its sealed part, where it was asked for. */
export function tailedEvent(
  decoded: DecodedRecord,
  opening: Opening | undefined,
  aliases: PatientAliases,
): TailedEvent {
  const { record, event } = decoded;
  const { recorded, ...facts } = recordFacts(decoded);
  return {
    time: recorded ?? isoOf(record.timestampMs),
    patient: record.key === undefined ? undefined : aliases.of(record.key),
    eventId: record.id,
    ...facts,
    facts: event === undefined ? {} : factsOf(event.clear),
    opening: facts.keyVersion === undefined ? undefined : (opening ?? { outcome: 'sealed' }),
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
