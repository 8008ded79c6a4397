import { formatPosition } from '@samspill/kernel';
import { measurements } from '@samspill/contracts';
import { missingRows } from '../evidence/expected-rows.ts';
import { acknowledgedOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

export const nothingLost: Check = {
  name: 'nothing-lost',
  promise:
    'every event of the log is in the read model, unless its key is destroyed or its grant closed',
  find: (evidence) => {
    const acknowledged = new Map(
      acknowledgedOf(evidence.history).map((line) => [line.eventId, line]),
    );
    return evidence.readModels.flatMap((model) =>
      missingRows(evidence, model).map(({ eventId, patient, partition, offset }) => {
        const position = formatPosition({ topic: measurements.topic, partition, offset });
        const line = acknowledged.get(eventId);
        const said = line === undefined ? 'not acknowledged' : `acknowledged as ${line.op}`;
        const message = `${model.name} lacks ${eventId} of ${position}, ${said}`;
        return { message, patient, eventId, position, at: line?.at };
      }),
    );
  },
};
