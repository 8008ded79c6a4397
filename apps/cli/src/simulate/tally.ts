import type { Outcome } from '../intake/intake-answer.ts';

/** What became of the measurements of a simulation. */
export interface Tally {
  /** New to the intake. */
  accepted: number;
  /** The intake had them already: a rerun gives only these. */
  held: number;
  refused: number;
  /** No clear answer within the tries; a rerun settles them. */
  unclear: number;
}

export const emptyTally = (): Tally => ({ accepted: 0, held: 0, refused: 0, unclear: 0 });

export const tallied = ({ accepted, held, refused, unclear }: Tally): number =>
  accepted + held + refused + unclear;

/** Counts what became of one measurement. A simulation changes nothing, so what is not new was held. */
export function count(tally: Tally, outcome: Outcome): void {
  if (outcome === 'recorded') tally.accepted += 1;
  else if (outcome === 'refused' || outcome === 'unclear') tally[outcome] += 1;
  else tally.held += 1;
}
