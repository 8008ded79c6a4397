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

/** Counts one entry of a batch-response by its status, `201 Created` or `201`; undefined is no answer. */
export function count(tally: Tally, status: string | undefined): void {
  const code = Number.parseInt(status ?? '', 10);
  if (code === 201) tally.accepted += 1;
  else if (code === 200) tally.held += 1;
  else if (code >= 400 && code < 500) tally.refused += 1;
  else tally.unclear += 1;
}

/** May pass by itself, so that sending again makes sense. */
export const isUnclear = (status: string | undefined): boolean =>
  !/^(2|4)\d\d/.test(status ?? '') || status?.startsWith('429') === true;
