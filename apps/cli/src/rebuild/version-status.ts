import { z } from 'zod';
import { readModelVersion } from '../lag/lag-answer.ts';
import { askOne, type OperatedService, type OperatorOptions } from '../operated-services.ts';

const versionStatus = readModelVersion.extend({
  startedAt: z.iso.datetime(),
  switchedAt: z.iso.datetime().nullable(),
  step: z.string(),
  stepAt: z.iso.datetime().nullable(),
  recordsDone: z.number(),
  recordsAll: z.number(),
  recordsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  parked: z.number(),
  catchingUp: z.number(),
  withheld: z.number(),
});

/** What `POST /operations/rebuilds/status` answers (libs/service). */
export const statusAnswer = z.object({ versions: z.array(versionStatus) });

export type VersionStatus = z.infer<typeof versionStatus>;

/** Of which read model, in which service. */
export interface RebuiltModel {
  readonly service: OperatedService;
  readonly projection: string;
}

/** The versions of one read model. */
export async function versionsOf(
  { service, projection }: RebuiltModel,
  options: OperatorOptions,
  signal?: AbortSignal,
): Promise<readonly VersionStatus[]> {
  const question = {
    path: '/operations/rebuilds/status',
    body: { projection },
    form: statusAnswer,
    ...(signal && { signal }),
  };
  return (await askOne(service, options, question)).versions;
}
