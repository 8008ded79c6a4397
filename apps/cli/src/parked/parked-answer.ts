import { z } from 'zod';

/** What `POST /operations/parked/search` answers (libs/service). */
export const parkedAnswer = z.object({
  parked: z.array(
    z.object({
      projection: z.string(),
      version: z.number(),
      patient: z.string(),
      code: z.string(),
      position: z.string(),
      fromOffset: z.number(),
      since: z.iso.datetime(),
      rule: z.string(),
      mend: z.string(),
    }),
  ),
  isComplete: z.boolean(),
});

export type ParkedAnswer = z.infer<typeof parkedAnswer>;
export type ParkedPatient = ParkedAnswer['parked'][number];
