import { SamspillError } from '@samspill/kernel';
import { HttpRefusal } from '../http-refusal.ts';

/**
 * Runs an operator's order. What keeps it from being carried out is told in full, since an operator acts on it: 409
 * where something has to be changed first, 503 where the same order may do later.
 */
export async function toldOrder<Result>(order: Promise<Result>): Promise<Result> {
  try {
    return await order;
  } catch (error) {
    if (!(error instanceof SamspillError)) throw error;
    const { code, place, rule, mend, retriable } = error;
    throw new HttpRefusal(retriable ? 503 : 409, [
      {
        code: retriable ? 'transient' : 'conflict',
        place: place === undefined ? code : `${code}: ${place}`,
        rule,
        mend,
      },
    ]);
  }
}
