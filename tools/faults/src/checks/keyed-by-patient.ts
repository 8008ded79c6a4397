import { partitionOf } from '@samspill/event-log';
import { formatPosition } from '@samspill/kernel';
import { acknowledgedOf } from '../evidence/operations.ts';
import type { Check } from './check.ts';

/** Under another key a patient's events lose their order, and grants and shreds miss them. */
export const keyedByPatient: Check = {
  name: 'keyed-by-patient',
  promise:
    'every record has the patient’s pseudonym as its key and lies on the partition of that key',
  find: ({ history, log, ends }) => {
    const patientOf = new Map(
      acknowledgedOf(history).map(({ eventId, patient }) => [eventId, patient]),
    );
    return log.flatMap((record) => {
      const { key, eventId, topic, partition } = record;
      const position = formatPosition(record);
      const patient = patientOf.get(eventId);
      const found = { patient: patient ?? key, eventId, position };
      if (patient !== undefined && patient !== key) {
        return [
          { ...found, message: `${eventId} at ${position} is ${patient}'s, its key is ${key}` },
        ];
      }
      const partitions = ends.filter((end) => end.topic === topic).length;
      const right = partitionOf(key, partitions);
      if (partition === right) return [];
      return [{ ...found, message: `${eventId} at ${position} belongs on partition ${right}` }];
    });
  },
};
