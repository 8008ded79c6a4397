import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import { z } from 'zod';
import { partitionLag, readModelVersion } from '../lag/lag-answer.ts';

const time = z.iso.datetime();
const pseudonym = z.custom<Pseudonym>((value) => typeof value === 'string' && isPseudonym(value));

/** What `POST /operations/events/search` answers (libs/service). */
const eventsAnswer = z.object({
  service: z.string(),
  readModels: z.array(
    readModelVersion.extend({
      product: z.string(),
      opens: z.boolean(),
      rows: z.array(
        z.object({
          table: z.string(),
          eventId: z.string(),
          patient: pseudonym,
          partition: z.number(),
          offset: z.number(),
          keyVersion: z.number(),
          recordedAt: time.nullable(),
        }),
      ),
      shown: z
        .object({
          state: z.string(),
          by: z
            .object({
              eventId: z.string(),
              position: z.object({ topic: z.string(), partition: z.number(), offset: z.number() }),
            })
            .nullable(),
        })
        .nullable(),
      patients: z.array(
        z.object({
          patient: pseudonym,
          state: z.enum(['open', 'withheld', 'parked', 'catching-up']),
          fromOffset: z.number(),
          reason: z.string(),
          position: z.string(),
          since: time.nullable(),
          shreddedVersion: z.number(),
          shreddedBy: z.string().nullable(),
        }),
      ),
      partitions: z.array(partitionLag),
    }),
  ),
});

export type EventsAnswer = z.infer<typeof eventsAnswer>;
export type ReadModelStanding = EventsAnswer['readModels'][number];
export type PatientStanding = ReadModelStanding['patients'][number];
export type PartitionStanding = ReadModelStanding['partitions'][number];

/** Where events are, of a patient or by their ids. */
export const eventsSearch = (body: object) => ({
  path: '/operations/events/search',
  body,
  form: eventsAnswer,
});
