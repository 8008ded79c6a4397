import { operationsOf, ordersOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

export const allAnswered: Check = {
  name: 'all-answered',
  promise: 'once the faults are over, every operation and every order gets an answer',
  find: ({ history }) => [
    ...operationsOf(history).flatMap(({ invoked: { op, patient, at }, outcome }) =>
      outcome !== undefined ? [] : [{ message: `${op} was never answered`, patient, at }],
    ),
    ...ordersOf(history).flatMap(({ order, action, patient, givenAt, answeredAt }) =>
      answeredAt !== undefined
        ? []
        : [{ message: `${order} (${action}) was never answered`, patient, at: givenAt }],
    ),
  ],
};
