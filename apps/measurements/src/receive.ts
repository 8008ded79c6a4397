import { setImmediate } from 'node:timers/promises';
import {
  issue,
  openMeasurementBundle,
  operationOutcome,
  readMeasurement,
  type IdentityMode,
  type IntakeContext,
  type Issue,
  type MeasurementEntry,
  type OpenedBundle,
} from '@samspill/fhir';
import { formatPositions, type Clock, type Position } from '@samspill/kernel';
import { acceptsJson } from '@samspill/service';
import {
  answerOf,
  answerToUntaken,
  batchResponseEntry,
  etagOf,
  locationOf,
  outcomeExtensions,
  type EntryAnswer,
} from './entry-answer.ts';
import type { Intake } from './intake.ts';
import type { Sender } from './measurement-event.ts';
import { refusedEntries, type RefusedEntry } from './refused-entries.ts';
import type { MeasurementTelemetry } from './telemetry.ts';

/** A call, without HTTP. */
export interface Received {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** nhn-patient-nin */
  readonly patientHeader: string | undefined;
  readonly sendsFor: readonly string[];
  readonly sender: Sender;
}

export interface FhirAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Where measurements come in: reads a body by the rules, takes in what passes, and answers for all of it. */
export interface Reception {
  bundle(received: Received): Promise<FhirAnswer>;
  observation(received: Received): Promise<FhirAnswer>;
}

export interface ReceptionParts {
  readonly identity: IdentityMode;
  readonly intake: Intake;
  readonly telemetry: MeasurementTelemetry;
  readonly clock: Clock;
  /** Told of each call of which something was refused: no body is kept, so this alone says later what it was. */
  readonly onRefused: (call: Sender, refused: readonly RefusedEntry[]) => void;
}

export function reception(parts: ReceptionParts): Reception {
  const { identity, intake, telemetry, clock } = parts;
  const contextOf = ({ patientHeader, sendsFor, sender }: Received): IntakeContext => ({
    identity,
    patientHeader,
    now: clock(),
    orgnrParent: sender.source.orgnrParent,
    sendsFor,
  });
  const refused = (sender: Sender, status: number, issues: readonly Issue[]): FhirAnswer => {
    telemetry.bodyRefused(status);
    parts.onRefused(sender, [{ entry: undefined, status, issues }]);
    return { status, headers: {}, body: operationOutcome(issues) };
  };
  const counted = (sender: Sender, answers: readonly EntryAnswer[]) => {
    for (const answer of answers) telemetry.entry(answer.counted);
    const found = refusedEntries(answers);
    if (found.length > 0) parts.onRefused(sender, found);
  };

  return {
    bundle: async (received) => {
      const { sender } = received;
      const medium = mediumRefusal(received);
      if (medium !== undefined) return refused(sender, medium.status, [medium.issue]);
      const opened = openMeasurementBundle(received.body, contextOf(received));
      if (opened.outcome === 'refused') return refused(sender, opened.status, opened.issues);
      const entries = await readEntries(opened);
      const answers = await takeEntries(intake, entries, sender);
      counted(sender, answers);
      const entry = entries.map(({ fullUrl }, at) => {
        const answer = answers[at];
        if (answer === undefined) throw new TypeError('every entry has an answer');
        return batchResponseEntry(fullUrl, answer);
      });
      const body = { resourceType: 'Bundle', type: 'batch-response', entry };
      return { status: 200, headers: positionHeader(answers), body };
    },

    observation: async (received) => {
      const { sender } = received;
      const medium = mediumRefusal(received);
      if (medium !== undefined) return refused(sender, medium.status, [medium.issue]);
      const read = readMeasurement(received.body, contextOf(received));
      if (read.outcome === 'refused') return refused(sender, read.status, read.issues);
      const [taken] = await intake.take([read], sender);
      if (taken === undefined) throw new TypeError('every measurement has an answer');
      const answer = answerOf(taken, read.warnings, 'Observation');
      counted(sender, [answer]);
      return {
        status: answer.status,
        headers: { ...positionHeader([answer]), ...versionHeaders(answer) },
        body: {
          ...operationOutcome(answer.issues.length > 0 ? answer.issues : [allOk]),
          extension: outcomeExtensions(answer),
        },
      };
    },
  };
}

const entriesAtAStretch = 25;

/** Reads the entries with room in between for what else the process has to answer. */
async function readEntries({ readers }: OpenedBundle): Promise<MeasurementEntry[]> {
  const entries: MeasurementEntry[] = [];
  for (const read of readers) {
    if (entries.length % entriesAtAStretch === 0) await setImmediate();
    entries.push(read());
  }
  return entries;
}

/** One call of the intake for all entries that passed; answers in the order of the input. */
async function takeEntries(
  intake: Intake,
  entries: readonly MeasurementEntry[],
  sender: Sender,
): Promise<EntryAnswer[]> {
  const accepted = entries.filter((entry) => entry.outcome === 'accepted');
  const taken = await intake.take(accepted, sender);
  const answers = new Map(
    accepted.map((entry, at) => {
      const one = taken[at];
      if (one === undefined) throw new TypeError('every measurement has an answer');
      const place = `Bundle.entry[${entry.index}].resource`;
      return [entry.index, answerOf(one, entry.warnings, place)];
    }),
  );
  return entries.map((entry) => {
    if (entry.outcome !== 'accepted') return answerToUntaken(entry);
    const answer = answers.get(entry.index);
    if (answer === undefined) throw new TypeError('every accepted entry was taken');
    return answer;
  });
}

/** One position a partition, the last: whoever waits for it has seen those before. So the header stays short. */
function positionHeader(answers: readonly EntryAnswer[]): Record<string, string> {
  const last = new Map<string, Position>();
  for (const position of answers.flatMap(({ positions }) => positions)) {
    const lane = `${position.topic}:${position.partition}`;
    if ((last.get(lane)?.offset ?? -1) < position.offset) last.set(lane, position);
  }
  return last.size === 0 ? {} : { 'samspill-position': formatPositions([...last.values()]) };
}

function versionHeaders({ status, version }: EntryAnswer): Record<string, string> {
  const retry: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {};
  if (version === undefined) return retry;
  return {
    location: locationOf(version),
    etag: etagOf(version),
    'last-modified': new Date(version.recordedAtMs).toUTCString(),
  };
}

function mediumRefusal({ contentType, accept }: Received) {
  if (!/^application\/(fhir\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    const mend = 'Send JSON with Content-Type: application/fhir+json.';
    return unfitMedium(415, 'A body is application/fhir+json', mend, 'content-type');
  }
  if (!acceptsJson(accept)) {
    const mend = 'Send Accept: application/fhir+json.';
    return unfitMedium(406, 'An answer is application/fhir+json', mend, 'accept');
  }
  return undefined;
}

const unfitMedium = (status: number, rule: string, mend: string, header: string) => ({
  status,
  issue: issue('error', 'not-supported', rule, mend, `http.${header}`),
});

const allOk = issue('information', 'informational', 'All is well', 'Nothing is to be done.');
