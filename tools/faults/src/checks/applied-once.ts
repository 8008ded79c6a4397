import { formatPosition } from '@samspill/kernel';
import { standingById } from '../evidence/log-index.ts';
import type { Check } from './check.ts';

export const appliedOnce: Check = {
  name: 'applied-once',
  promise: 'an event has one row, and an operation that is sent again is the same event',
  find: ({ log, readModels }) => {
    const twice = readModels.flatMap(({ name, rows }) =>
      [...Map.groupBy(rows, ({ eventId }) => eventId)].flatMap(([eventId, own]) =>
        own.length === 1
          ? []
          : [
              {
                message: `${name} holds ${own.length} rows of ${eventId}, of offsets ${own.map(({ offset }) => offset).join(', ')}`,
                patient: own[0]?.patient,
                eventId,
              },
            ],
      ),
    );
    const firsts = [...standingById(log).values()].filter(({ n }) => n !== undefined);
    const renamed = [...Map.groupBy(firsts, ({ key, n }) => `${key} ${n}`).values()].flatMap(
      (own) => {
        const [first] = own;
        if (first === undefined || own.length === 1) return [];
        const places = own.map((one) => `${one.eventId} at ${formatPosition(one)}`).join(', ');
        const message = `operation ${first.n} of ${first.key} is several events: ${places}`;
        return [
          { message, patient: first.key, eventId: first.eventId, position: formatPosition(first) },
        ];
      },
    );
    return [...twice, ...renamed];
  },
};
