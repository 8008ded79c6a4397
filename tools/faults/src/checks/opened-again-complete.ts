import { formatPosition } from '@samspill/kernel';
import { measurements } from '@samspill/contracts';
import { missingRows } from '../evidence/expected-rows.ts';
import { orderedConsumer, ordersOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** By what was ordered: the log would agree with a consumer that never opened again. */
export const openedAgainComplete: Check = {
  name: 'opened-again-complete',
  promise: 'once a grant is opened again, the read model equals one that never saw the pause',
  find: (evidence) => {
    const grants = ordersOf(evidence.history).filter(({ action }) => action !== 'shred');
    const last = new Map(grants.map((order) => [order.patient, order]));
    const everClosed = new Set(
      grants.flatMap(({ action, patient }) => (action === 'close' ? [patient] : [])),
    );
    const models = evidence.readModels.filter(({ consumer }) => consumer === orderedConsumer);
    // As if the log had closed nobody: whom the orders opened again must be there, whatever the log says.
    return models.flatMap((model) =>
      missingRows({ ...evidence, closed: new Map() }, model).flatMap((row) => {
        const order = last.get(row.patient);
        if (order?.action !== 'open' || !everClosed.has(row.patient)) return [];
        const position = formatPosition({ topic: measurements.topic, ...row });
        const message = `${model.name} lacks ${row.eventId} of ${position} since the grant of its patient was opened again`;
        return [
          { message, patient: row.patient, eventId: row.eventId, position, at: order.answeredAt },
        ];
      }),
    );
  },
};
