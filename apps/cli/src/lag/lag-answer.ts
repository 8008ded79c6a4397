import { z } from 'zod';

/** A service knows codes that this program may not know yet. */
const code = z.string();
const time = z.iso.datetime();

/** Which version of a read model something is told of. */
export const readModelVersion = z.object({
  projection: z.string(),
  version: z.number(),
  /** live, building, former */
  state: z.string(),
});

/** How far a read model is on a partition, and what holds it there. */
export const partitionLag = z.object({
  topic: z.string(),
  partition: z.number(),
  next: z.number(),
  end: z.number().nullable(),
  records: z.number().nullable(),
  behindSeconds: z.number().nullable(),
  owner: z.string().nullable(),
  held: z.object({ code, since: time.nullable() }).nullable(),
  stops: z.array(z.object({ code, since: time, catchingUp: z.boolean(), atOffset: z.number() })),
});

/** What `GET /operations/lag` answers (libs/service). */
const lagAnswer = z.object({
  service: z.string(),
  readModels: z.array(
    readModelVersion.extend({
      gates: z.object({
        open: z.number(),
        withheld: z.number(),
        parked: z.number(),
        'catching-up': z.number(),
      }),
      partitions: z.array(partitionLag),
    }),
  ),
});

export type LagAnswer = z.infer<typeof lagAnswer>;
export type ReadModelLag = LagAnswer['readModels'][number];
export type PartitionLag = z.infer<typeof partitionLag>;

/** How far each read model of a service is. */
export const lagQuestion = { path: '/operations/lag', form: lagAnswer };

/** Records that are not read; null as soon as one partition does not tell. */
export const recordsBehind = (
  partitions: readonly Pick<PartitionLag, 'records'>[],
): number | null =>
  partitions.reduce<number | null>(
    (sum, { records }) => (sum === null || records === null ? null : sum + records),
    0,
  );
