import { outcomes, remarkLine, type EntryAnswer, type Outcome } from '../intake/intake-answer.ts';
import type { Sent } from '../intake/send-payload.ts';
import type { Payload } from '../payloads/read-payloads.ts';
import { colours } from '../terminal.ts';

/** How many entries became what. */
export type SentTally = Record<Outcome, number>;

export const emptyTally = (): SentTally => ({
  recorded: 0,
  changed: 0,
  held: 0,
  ignored: 0,
  refused: 0,
  unclear: 0,
});

/** One entry, as `--json` tells it. */
export interface SentEntry extends EntryAnswer {
  readonly payload: string;
  /** nhn-event-id: the name of the call in the log of the service. */
  readonly requestId: string | undefined;
}

export const entriesOf = ({ name }: Payload, { answers, requestId }: Sent): SentEntry[] =>
  answers.map((answer) => ({ payload: name, ...answer, requestId }));

/** A line for what became of the entry, and one for each reason or remark. */
export function sentLines({ payload, entry, requestId, ...one }: SentEntry): string[] {
  const name = entry === undefined ? payload : `${payload} entry ${entry}`;
  const paint = paints[one.outcome];
  const what = [paint(words[one.outcome]), one.eventId, one.positions.join(', ')];
  const asked = [one.status ?? 'no answer', requestId && `request ${requestId}`];
  const isMissing = one.outcome === 'refused' || one.outcome === 'unclear';
  const told = isMissing
    ? `${paint(words[one.outcome])} (${asked.filter(Boolean).join(', ')})`
    : what.filter(Boolean).join(' ');
  return [`${name}: ${told}`, ...one.remarks.map(remarkLine)];
}

const words: Record<Outcome, string> = {
  recorded: 'recorded',
  changed: 'changed',
  held: 'held already',
  ignored: 'ignored',
  refused: 'refused',
  unclear: 'without a clear answer',
};

const paints: Record<Outcome, (text: string) => string> = {
  recorded: colours.green,
  changed: colours.green,
  held: colours.dim,
  ignored: colours.dim,
  refused: colours.red,
  unclear: colours.yellow,
};

/** `14 recorded, 0 changed, 2 held already, 0 ignored, 1 refused, 0 without a clear answer` */
export const tallyLine = (tally: SentTally): string =>
  outcomes.map((outcome) => `${tally[outcome]} ${words[outcome]}`).join(', ');
