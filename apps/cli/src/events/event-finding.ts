import { dataProducts } from '@samspill/contracts';
import type { Position } from '@samspill/kernel';
import { recordFacts, type DecodedRecord, type RecordFacts } from '../event-log/decoded-record.ts';
import type { Asked, OperatedService } from '../operated-services.ts';
import type { EventsAnswer, ReadModelStanding } from './events-answer.ts';
import { verdictOf, type JudgedEvent, type Verdict } from './verdict.ts';

/** Where an event is, as `--json` tells it: no pseudonym, no number of a patient, nothing that was measured. */
export interface EventFinding {
  readonly eventId: string | undefined;
  readonly log: LogFinding;
  /** Of each service that answered; versions that readers do not see as well. */
  readonly readModels: readonly ReadModelFinding[];
}

/** Whose it is, is not said. */
type Unnamed<Of> = Omit<Of, 'patient'> & { readonly patient: undefined };

const unnamed = <Of>(one: Of): Unnamed<Of> => ({ ...one, patient: undefined });

export interface LogFinding {
  /** In the order of the log: the same event may have been written more than once. */
  readonly writings: readonly WritingFinding[];
  /** Records among which the writings were looked for. */
  readonly looked: number;
  /** Why the log could not be asked. */
  readonly problem: string | undefined;
}

export interface WritingFinding extends RecordFacts {
  /** Of the value. */
  readonly bytes: number;
}

export interface ReadModelFinding extends Omit<ReadModelStanding, 'rows' | 'patients'> {
  readonly service: OperatedService;
  readonly rows: readonly Unnamed<ReadModelStanding['rows'][number]>[];
  readonly patients: readonly Unnamed<ReadModelStanding['patients'][number]>[];
  /** Undefined where readers do not read it: a ledger, or where the event lies is not known. */
  readonly verdict: Verdict | undefined;
}

export const writingFinding = (decoded: DecodedRecord): WritingFinding => ({
  ...recordFacts(decoded),
  bytes: decoded.record.value?.length ?? 0,
});

/** Of several writings, the one that counts: the first under the latest key (decision record 10). */
export function judgedEvent(
  writings: readonly DecodedRecord[],
  answers: readonly EventsAnswer[],
): JudgedEvent | undefined {
  const keyOf = ({ event }: DecodedRecord): number => event?.clear.sealed?.keyVersion ?? 0;
  const [counts] = writings.toSorted((one, other) => keyOf(other) - keyOf(one));
  if (counts !== undefined) {
    const { record, problem } = counts;
    return { position: record, keyVersion: keyOf(counts), problem };
  }
  const [row] = rowsIn(answers);
  return row && { position: row.position, keyVersion: row.keyVersion, problem: undefined };
}

/** The rows in all answers, each with where its event lies. */
export const rowsIn = (answers: readonly EventsAnswer[]) =>
  answers.flatMap(({ service, readModels }) =>
    readModels.flatMap((readModel) =>
      readModel.rows.map((row) => ({
        ...row,
        service,
        readModel,
        position: {
          topic: topicOf(readModel.product),
          partition: row.partition,
          offset: row.offset,
        } satisfies Position,
      })),
    ),
  );

const topicOf = (product: string): string =>
  dataProducts.find(({ name }) => name === product)?.topic ?? product;

/** What the services answered, each read model with its verdict. */
export const readModelFindings = (
  asked: readonly Asked<EventsAnswer>[],
  event: JudgedEvent | undefined,
): ReadModelFinding[] =>
  asked.flatMap(({ service, answer }) =>
    (answer?.readModels ?? []).map((readModel) => ({
      ...readModel,
      service,
      rows: readModel.rows.map(unnamed),
      patients: readModel.patients.map(unnamed),
      verdict: readModel.opens && event ? verdictOf({ service, readModel, event }) : undefined,
    })),
  );
