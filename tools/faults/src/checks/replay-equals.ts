import { formatPosition } from '@samspill/kernel';
import { measurements } from '@samspill/contracts';
import { expectedRows } from '../evidence/expected-rows.ts';
import type { Check } from './check.ts';

/** Which rows there are is looked at elsewhere; here, what they say. */
export const replayEquals: Check = {
  name: 'replay-equals',
  promise:
    'a row says what a replay of the log by plain code says, and stands at the event’s first place under its latest key',
  find: (evidence) =>
    evidence.readModels.flatMap((model) => {
      const expected = new Map(expectedRows(evidence, model).map((row) => [row.eventId, row]));
      return model.rows.flatMap(({ eventId, patient, partition, offset, digest }) => {
        const replayed = expected.get(eventId);
        if (replayed === undefined) return [];
        const position = formatPosition({ topic: measurements.topic, partition, offset });
        const found = { patient, eventId, position };
        if (patient !== replayed.patient) {
          return [
            {
              ...found,
              message: `${model.name} holds ${eventId} under ${patient}, the log has it under ${replayed.patient}`,
            },
          ];
        }
        if (partition !== replayed.partition || offset !== replayed.offset) {
          const first = formatPosition({ topic: measurements.topic, ...replayed });
          return [
            {
              ...found,
              message: `${model.name} has ${eventId} from ${position}, it counts at ${first}`,
            },
          ];
        }
        if (digest === replayed.digest) return [];
        return [
          {
            ...found,
            message: `${model.name} says of ${eventId} something else than the log at ${position}`,
          },
        ];
      });
    }),
};
