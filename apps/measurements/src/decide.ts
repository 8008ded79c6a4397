import { issue, type Intent, type Issue } from '@samspill/fhir';
import type { EventId, Position, Pseudonym } from '@samspill/kernel';

/**
 * Terms: *held* is what the ledger knows of a natural key, in the order in which it was recorded; the *current* version
 * is the last of it; a *mark* names content without telling it.
 */

/** An event of a natural key, as far as its clear fields tell. */
export interface HeldVersion {
  readonly eventId: EventId;
  readonly measurementId: string;
  readonly patient: Pseudonym;
  readonly contentMark: string;
  readonly retracted: boolean;
  readonly recordedAtMs: number;
  /** Undefined until the log has acknowledged it. */
  readonly position: Position | undefined;
  /** The key that sealed it is destroyed. */
  readonly erased: boolean;
  /** When the source says it changed, where that is at hand. */
  readonly sourceUpdatedAtMs?: number | undefined;
}

/** What a source asks for under a natural key. */
export interface MeasurementCommand {
  readonly intent: Intent;
  /** The source marks the content as amended or corrected. */
  readonly marked: boolean;
  /** The set of linked pseudonyms; the first is the one to write under. */
  readonly patients: readonly [Pseudonym, ...Pseudonym[]];
  readonly contentMark: string;
  readonly sourceUpdatedAtMs: number | undefined;
  /** What the condition of a conditional create has found. */
  readonly found: HeldVersion | undefined;
}

export type RetractionReason = 'by-source' | 'wrong-patient';

/** An event to publish, before it has a name. Each replaces the one before it: the current version, or the fact ahead. */
export type MeasurementFact =
  | { readonly name: 'MeasurementRecorded' | 'MeasurementCorrected'; readonly patient: Pseudonym }
  | {
      readonly name: 'MeasurementRetracted';
      readonly patient: Pseudonym;
      readonly reason: RetractionReason;
    };

export type Decision =
  | {
      readonly outcome: 'publish';
      readonly facts: readonly MeasurementFact[];
      readonly status: 200 | 201;
    }
  | { readonly outcome: 'held'; readonly version: HeldVersion }
  | { readonly outcome: 'refused'; readonly status: 409 | 410; readonly issue: Issue };

/** Decides what becomes of a command (specs/measurements.md sections 6 and 7). Pure. */
export function decide(command: MeasurementCommand, held: readonly HeldVersion[]): Decision {
  const { intent, patients, contentMark } = command;
  const [patient] = patients;
  const current = held.at(-1);
  if (command.found !== undefined) return { outcome: 'held', version: command.found };
  if (current === undefined) {
    return intent === 'retract'
      ? publish(200, { name: 'MeasurementRetracted', patient, reason: 'by-source' })
      : publish(201, { name: 'MeasurementRecorded', patient });
  }

  const same = held.filter((version) => version.contentMark === contentMark);
  if (same.length > 0 && same.every(({ erased }) => erased)) return erased;
  if (current.contentMark === contentMark) return { outcome: 'held', version: current };
  if (same.length > 0 && !command.marked && !isNewer(command, current)) {
    return { outcome: 'held', version: current };
  }
  if (current.erased) {
    return intent === 'retract' ? erased : publish(201, { name: 'MeasurementRecorded', patient });
  }
  if (intent === 'retract') {
    if (current.retracted) return { outcome: 'held', version: current };
    const { patient: holder } = current;
    return publish(200, { name: 'MeasurementRetracted', patient: holder, reason: 'by-source' });
  }
  if (!patients.includes(current.patient)) return move(current, patient);
  if (current.retracted) return afterRetraction(command, current, held);
  return intent === 'correct' ? correction(current) : duplicate;
}

/** Newer by source time than the current version; where its source time is not at hand, by its receipt. */
const isNewer = ({ sourceUpdatedAtMs }: MeasurementCommand, current: HeldVersion): boolean =>
  sourceUpdatedAtMs !== undefined &&
  sourceUpdatedAtMs > (current.sourceUpdatedAtMs ?? current.recordedAtMs);

/** True when a decision hangs on the source time of the current version: worth looking for. */
export const hangsOnSourceTime = (
  { contentMark, marked, sourceUpdatedAtMs }: MeasurementCommand,
  held: readonly HeldVersion[],
): boolean =>
  !marked &&
  sourceUpdatedAtMs !== undefined &&
  held.slice(0, -1).some((version) => version.contentMark === contentMark);

/** A retraction that came before its original hides it; else only content that the source changes brings it back. */
function afterRetraction(
  { intent, marked, contentMark }: MeasurementCommand,
  current: HeldVersion,
  held: readonly HeldVersion[],
): Decision {
  const originals = held.filter(({ retracted }) => !retracted);
  const isKnown = originals.some((version) => version.contentMark === contentMark);
  if (marked) return correction(current);
  if (originals.length === 0 || isKnown) return { outcome: 'held', version: current };
  return intent === 'correct' ? correction(current) : duplicate;
}

/** A key that comes again with another subject was another patient's (design D13). */
function move(current: HeldVersion, to: Pseudonym): Decision {
  const recorded: MeasurementFact = { name: 'MeasurementRecorded', patient: to };
  if (current.retracted) return publish(200, recorded);
  const { patient } = current;
  return publish(200, { name: 'MeasurementRetracted', patient, reason: 'wrong-patient' }, recorded);
}

/** Written under the pseudonym of what it replaces, so that both lie on one partition in order. */
const correction = ({ patient }: HeldVersion): Decision =>
  publish(200, { name: 'MeasurementCorrected', patient });

const publish = (status: 200 | 201, ...facts: readonly MeasurementFact[]): Decision => ({
  outcome: 'publish',
  facts,
  status,
});

const refusal = (status: 409 | 410, code: Issue['code'], rule: string, mend: string): Decision => ({
  outcome: 'refused',
  status,
  issue: issue('error', code, rule, mend),
});

const duplicate = refusal(
  409,
  'duplicate',
  'A measurement that is held is changed by PUT, or with status amended or corrected',
  'Send a change as PUT in a batch; send a new reading under a key of its own.',
);

const erased = refusal(
  410,
  'deleted',
  'What was erased is not taken in again',
  'Send nothing: the measurement was erased by order.',
);
