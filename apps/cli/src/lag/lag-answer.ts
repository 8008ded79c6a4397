import { z } from 'zod';

/** A service knows codes that this program may not know yet. */
const code = z.string();
const time = z.iso.datetime();

/** What `GET /operations/lag` answers (libs/service). */
export const lagAnswer = z.object({
  service: z.string(),
  readModels: z.array(
    z.object({
      projection: z.string(),
      version: z.number(),
      /** live, building, former */
      state: z.string(),
      gates: z.object({
        open: z.number(),
        withheld: z.number(),
        parked: z.number(),
        'catching-up': z.number(),
      }),
      partitions: z.array(
        z.object({
          topic: z.string(),
          partition: z.number(),
          next: z.number(),
          end: z.number().nullable(),
          records: z.number().nullable(),
          behindSeconds: z.number().nullable(),
          owner: z.string().nullable(),
          held: z.object({ code, since: time.nullable() }).nullable(),
          stops: z.array(
            z.object({ code, since: time, catchingUp: z.boolean(), atOffset: z.number() }),
          ),
        }),
      ),
    }),
  ),
});

export type LagAnswer = z.infer<typeof lagAnswer>;
export type ReadModelLag = LagAnswer['readModels'][number];
export type PartitionLag = ReadModelLag['partitions'][number];
