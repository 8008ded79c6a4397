import { formatPosition } from '@samspill/kernel';
import { standingById } from '../evidence/log-index.ts';
import { operationsOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** Events are told by their acknowledged id, else by patient and value; one that tells no value by what is left unclear. */
export const noPhantom: Check = {
  name: 'no-phantom',
  promise:
    'nothing is in the log that was never invoked or certainly failed, and nothing in a read model that is not in the log',
  find: ({ history, log, readModels }) => {
    const operations = operationsOf(history);
    const acknowledged = new Set(
      operations.flatMap(({ outcome }) => (outcome?.kind === 'ok' ? [outcome.eventId] : [])),
    );
    const invoked = new Map(
      operations.map((one) => [`${one.invoked.patient} ${one.invoked.n}`, one]),
    );
    const unclear = new Map<string, number>();
    for (const {
      invoked: { patient },
      outcome,
    } of operations) {
      if (outcome?.kind === undefined || outcome.kind === 'erased')
        unclear.set(patient, (unclear.get(patient) ?? 0) + 1);
    }
    const first = standingById(log);
    const inLog = [...first.values()].flatMap((event) => {
      const { eventId, key, n } = event;
      if (acknowledged.has(eventId)) return [];
      const position = formatPosition(event);
      const found = { patient: key, eventId, position };
      if (n !== undefined) {
        const operation = invoked.get(`${key} ${n}`);
        if (operation === undefined)
          return [
            { ...found, message: `${eventId} at ${position} says ${n}, which nobody invoked` },
          ];
        if (operation.outcome?.kind !== 'fail') return [];
        const message = `${eventId} at ${position} is ${operation.invoked.op}, which certainly failed`;
        return [{ ...found, message, at: operation.outcome.at }];
      }
      const left = unclear.get(key) ?? 0;
      if (left > 0) {
        unclear.set(key, left - 1);
        return [];
      }
      return [
        { ...found, message: `${eventId} at ${position} is of no operation that was invoked` },
      ];
    });
    const inModels = readModels.flatMap(({ name, rows }) =>
      rows
        .filter(({ eventId }) => !first.has(eventId))
        .map(({ eventId, patient }) => ({
          message: `${name} holds ${eventId}, which is not in the log`,
          patient,
          eventId,
        })),
    );
    return [...inLog, ...inModels];
  },
};
