import { parsePosition } from '@samspill/kernel';
import { operationsOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/**
 * A patient's operations are invoked one after the other, so whatever of the next one lies in the log lies behind the
 * acknowledged place of the one before, repeats included.
 */
export const risingOrder: Check = {
  name: 'rising-order',
  promise:
    'per patient, what was acknowledged before the next was invoked lies before it in the log',
  find: ({ history, log }) => {
    const lowest = new Map<string, number>();
    for (const { eventId, offset } of log)
      lowest.set(eventId, Math.min(offset, lowest.get(eventId) ?? Infinity));
    const byPatient = Map.groupBy(operationsOf(history), ({ invoked }) => invoked.patient);
    return [...byPatient].flatMap(([patient, operations]) => {
      let before:
        | {
            readonly op: string;
            readonly partition: number;
            readonly offset: number;
            readonly at: number;
          }
        | undefined;
      return operations.flatMap(({ invoked, outcome }) => {
        if (outcome?.kind !== 'ok') return [];
        const { eventId, position, op } = outcome;
        const place = parsePosition(position);
        if (place === undefined) return [];
        const first = lowest.get(eventId) ?? place.offset;
        const last = before;
        if (last === undefined || last.offset < place.offset)
          before = { ...place, op, at: outcome.at };
        if (last === undefined || last.at > invoked.at) return [];
        const fits = last.partition === place.partition && last.offset < first;
        if (fits) return [];
        const message = `${op} lies at ${place.partition}:${first}, not behind ${last.op} at ${last.partition}:${last.offset}, which was acknowledged before it was invoked`;
        return [{ message, patient, eventId, position, at: invoked.at }];
      });
    });
  },
};
