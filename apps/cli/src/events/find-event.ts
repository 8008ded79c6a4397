import { dataProducts } from '@samspill/contracts';
import type { LoggedRecord } from '@samspill/event-log';
import {
  isPseudonym,
  isRetriable,
  SamspillError,
  type EventId,
  type Position,
  type Pseudonym,
} from '@samspill/kernel';
import { CommandFailure } from '../command-failure.ts';
import { decodeRecords, type DecodedRecord } from '../event-log/decoded-record.ts';
import type { OpenedLog } from '../event-log/open-log.ts';
import { exitCodes } from '../exit-codes.ts';
import { answersOf, throwFailures, type Asked } from '../operated-services.ts';
import {
  judgedEvent,
  readModelFindings,
  rowsIn,
  writingFinding,
  type EventFinding,
} from './event-finding.ts';
import type { EventsAnswer } from './events-answer.ts';
import { recordAt, scanLog, writingsFrom, type RecordsFound } from './find-records.ts';

/** Whom the finder asks. */
export interface EventSources {
  /** Asks the services whose readers are meant. */
  readonly ask: (question: object) => Promise<Asked<EventsAnswer>[]>;
  /** Asks all services: one of them may know where the event lies. */
  readonly askAll: EventSources['ask'];
  /** Works on the log; rejects where it does not answer. */
  readonly withLog: <Result>(work: (opened: OpenedLog) => Promise<Result>) => Promise<Result>;
  /** Where no read model knows the event, the log is looked through from here on; undefined: all of it. */
  readonly since: Date | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (looked: number, total: number) => void;
}

export interface FoundEvent {
  readonly finding: EventFinding;
  /** For what a service did not answer. */
  readonly asked: readonly Asked<EventsAnswer>[];
}

interface Located extends RecordsFound {
  readonly decoded: readonly DecodedRecord[];
  readonly problem: string | undefined;
}

/**
 * Finds an event by its id or its position: in the log, and with each consumer. By position it is read directly; by id the
 * read models are asked first, and the log is looked through where none of them knows it. Fails where it is not found.
 */
export async function findEvent(
  which: EventId | Position,
  sources: EventSources,
): Promise<FoundEvent> {
  if (typeof which !== 'string') {
    const record = await sources.withLog(({ log }) => recordAt(log, which));
    const located = await writings(sources, record, record.id);
    return standing(sources, record.id, patientOf([record]), located);
  }
  const known = await sources.askAll({ eventId: which });
  const [row] = rowsIn(answersOf(known));
  if (row !== undefined) {
    const located = await writings(sources, row.position, which).catch(unlessAway);
    return standing(sources, which, row.patient, located);
  }
  const located = await scanned(sources, which);
  const [record] = located.records;
  if (record === undefined) {
    // A service that is away may know it, and where it lies.
    throwFailures(known);
    throw notFound(which, located.looked, sources.since);
  }
  return standing(sources, which, patientOf([record]), located);
}

/** How the consumers stand to the event. */
async function standing(
  { ask }: EventSources,
  eventId: string | undefined,
  patient: Pseudonym | undefined,
  { decoded, looked, problem }: Located,
): Promise<FoundEvent> {
  const named = patient && { patient: { pseudonym: patient } };
  // A record without an id may have been rejected, and its patient parked.
  const question = eventId === undefined ? { ...named, limit: 1 } : { eventId, ...named };
  const answered = eventId === undefined && named === undefined ? [] : await ask(question);
  const asked = eventId === undefined ? answered.map(withoutRows) : answered;
  return {
    finding: {
      eventId,
      log: { writings: decoded.map(writingFinding), looked, problem },
      readModels: readModelFindings(asked, judgedEvent(decoded, answersOf(asked))),
    },
    asked,
  };
}

/** The record at a position, and the further writings of its event. */
const writings = (
  { withLog, signal }: EventSources,
  from: Position,
  eventId: string | undefined,
): Promise<Located> =>
  withLog(async ({ log, wire }) => {
    const found =
      eventId === undefined
        ? { records: [await recordAt(log, from)], looked: 1 }
        : await writingsFrom(log, from, eventId, signal);
    return { ...found, decoded: await decodeRecords(wire, found.records), problem: undefined };
  });

const scanned = (
  { withLog, since, signal, onProgress }: EventSources,
  eventId: EventId,
): Promise<Located> =>
  withLog(async ({ log, wire }) => {
    const pick = (records: readonly LoggedRecord[]) =>
      Promise.resolve(records.filter(({ id }) => id === eventId));
    const topics = dataProducts.map(({ topic }) => topic);
    const found = await scanLog(log, { topics, since, pick, signal, onProgress });
    return { ...found, decoded: await decodeRecords(wire, found.records), problem: undefined };
  });

/** A ledger that knows the event says enough for the rest; the log is told to be away. */
function unlessAway(error: unknown): Located {
  const isAway =
    isRetriable(error) || (error instanceof CommandFailure && error.exitCode === exitCodes.away);
  if (!isAway) throw error;
  const problem = error instanceof SamspillError ? error.code : 'NO_ANSWER';
  return { records: [], looked: 0, decoded: [], problem };
}

const withoutRows = (asked: Asked<EventsAnswer>): Asked<EventsAnswer> =>
  asked.answer === undefined
    ? asked
    : {
        ...asked,
        answer: {
          ...asked.answer,
          readModels: asked.answer.readModels.map((one) => ({ ...one, rows: [], shown: null })),
        },
      };

const patientOf = ([record]: readonly LoggedRecord[]): Pseudonym | undefined =>
  record?.key !== undefined && isPseudonym(record.key) ? record.key : undefined;

const notFound = (eventId: EventId, looked: number, since: Date | undefined): CommandFailure =>
  new CommandFailure(exitCodes.refused, {
    place: `event ${eventId}, which no read model knows`,
    rule: `it is among the ${looked} records of the log since ${since?.toISOString() ?? 'its beginning'}`,
    mend: 'look further back by --since; what the intake refused has become no event: see samspill events find --help',
  });
