import { isDestroyed } from '../evidence/evidence.ts';
import { standingById } from '../evidence/log-index.ts';
import { operationsOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** By what the writers know: that the log and its replay agree would hide a retraction that nobody published. */
export const retractionsTookEffect: Check = {
  name: 'retractions-took-effect',
  promise: 'what was taken back is shown nowhere: the last version of it is the retraction',
  find: ({ history, log, readModels, shredded, closed }) => {
    const events = standingById(log);
    const retractions = operationsOf(history).flatMap(({ invoked, outcome }) =>
      invoked.action === 'retract' && outcome?.kind === 'ok' ? [outcome] : [],
    );
    return readModels.flatMap(({ name, consumer, rows }) => {
      if (consumer === undefined) return [];
      const versions = Map.groupBy(
        rows,
        ({ patient, measurementId }) => `${patient} ${measurementId}`,
      );
      return retractions.flatMap(({ op, patient, eventId, measurementId, position, at }) => {
        const keyVersion = events.get(eventId)?.keyVersion ?? Infinity;
        const isGone = isDestroyed(shredded, patient, keyVersion);
        if (isGone || closed.get(consumer)?.has(patient)) return [];
        const own = versions.get(`${patient} ${measurementId}`) ?? [];
        const last = own.reduce<(typeof own)[number] | undefined>(
          (latest, row) => (latest === undefined || row.offset > latest.offset ? row : latest),
          undefined,
        );
        if (last?.isRetraction === true) return [];
        const shown = last === undefined ? 'no row at all' : `${last.eventId} in force`;
        const message = `${name} has ${shown} of measurement ${measurementId}, which ${op} took back`;
        return [{ message, patient, eventId, position, at }];
      });
    });
  },
};
