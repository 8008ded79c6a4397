import { formatPosition, parsePositions } from '@samspill/kernel';
import type { Answer, BatchAnswer, EntryAnswer } from '@samspill/testing';
import type { Acknowledged, Refused, Unclear } from '../history/history-line.ts';
import type { HubOperation } from './hub-patient.ts';

export type HubOutcome = Acknowledged | Refused | Unclear;

/** An operation with the partition on which its patient's events lie. */
export interface SentOperation {
  readonly operation: HubOperation;
  readonly partition: number;
}

/** Reads what an intake says of each operation of a call. The patients lie on different partitions, so each has a position. */
export function outcomesOf(
  sent: readonly SentOperation[],
  answer: Answer<BatchAnswer>,
): HubOutcome[] {
  const positions = parsePositions(answer.headers.get('samspill-position') ?? '') ?? [];
  return sent.map(({ operation, partition }, index): HubOutcome => {
    const { op, patient, n } = operation;
    const entry = answer.body.entry?.[index]?.response;
    if (answer.status !== 200 || entry === undefined)
      return { kind: kindOf(answer.status), op, patient, n, why: `status ${answer.status}` };
    const status = Number(entry.status.slice(0, 3));
    if (status !== 200 && status !== 201)
      return { kind: kindOf(status), op, patient, n, why: entry.status };
    const position = positions.find((one) => one.partition === partition);
    const eventId = /^W\/"(.+)"$/.exec(entry.etag ?? '')?.[1];
    const measurementId = measurementIdOf(entry);
    if (position === undefined || eventId === undefined || measurementId === undefined) {
      // An acknowledgement that does not say of what: the run shall show it.
      return { kind: 'fail', op, patient, n, why: `${entry.status} without position or version` };
    }
    const place = formatPosition(position);
    return { kind: 'ok', op, patient, n, eventId, position: place, measurementId };
  });
}

/** 410: what it changes, or it itself, is erased. Only a refusal for good says that nothing was taken in. */
function kindOf(status: number): 'erased' | 'fail' | 'info' {
  if (status === 410) return 'erased';
  return status >= 400 && status < 500 && status !== 429 ? 'fail' : 'info';
}

const measurementIdOf = ({ location }: EntryAnswer['response']): string | undefined =>
  /^Observation\/([^/]+)\/_history\//.exec(location ?? '')?.[1];
