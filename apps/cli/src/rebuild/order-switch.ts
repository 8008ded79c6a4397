import { pause } from '@samspill/kernel';
import { z } from 'zod';
import { askOne, type OperatorOptions } from '../operated-services.ts';
import { nothingBuilds } from './follow-rebuild.ts';
import { versionsOf, type RebuiltModel } from './version-status.ts';

const switchAnswer = z.object({
  from: z.number(),
  to: z.number(),
  compared: z.array(
    z.object({
      table: z.string(),
      rows: z.tuple([z.number(), z.number()]),
      differingBuckets: z.array(z.number()),
    }),
  ),
});

export type Switched = z.infer<typeof switchAnswer>;

export interface SwitchOrder extends OperatorOptions {
  readonly acceptDifferences: boolean;
}

/** Node's own limit on a silent connection is five minutes, so that this one ends first and is told. */
const answerWithinMs = 290_000;
const lookEveryMs = 500;
/** What a switch is at, as the service says it. */
const steps: Readonly<Record<string, string>> = {
  indexes: 'makes the indexes',
  check: 'compares both versions at one position',
  switch: 'leads readers over at one position',
};

/**
 * Orders the switch, and says on standard error what it is at. Where the answer does not come, the versions say how it
 * ended. Fails with the service's own words when it refuses.
 */
export async function orderSwitch(model: RebuiltModel, options: SwitchOrder): Promise<Switched> {
  const building = (await versionsOf(model, options)).find(({ state }) => state === 'building');
  if (building === undefined) throw nothingBuilds(model);
  const { projection } = model;
  const ended = new AbortController();
  const told = tellSteps(model, options, ended.signal);
  try {
    return await askOne(model.service, options, {
      path: '/operations/rebuilds/switch',
      body: { projection, acceptDifferences: options.acceptDifferences },
      form: switchAnswer,
      timeoutMs: answerWithinMs,
      silence: {
        rule: 'the answer comes; a switch that began goes on without it',
        mend: `see samspill rebuild status ${model.service} ${projection}`,
      },
    });
  } finally {
    ended.abort();
    await told;
  }
}

async function tellSteps(
  model: RebuiltModel,
  options: OperatorOptions,
  ended: AbortSignal,
): Promise<void> {
  let last = '';
  while (!ended.aborted) {
    const versions = await versionsOf(model, options).catch(() => []);
    const step = versions.find(({ state }) => state === 'building')?.step ?? '';
    const words = steps[step];
    if (step !== last && words !== undefined) console.error(`${words} …`);
    last = step;
    await pause(lookEveryMs, ended);
  }
}

/** What the switch found and did. */
export const wordsOfSwitch = (
  { service, projection }: RebuiltModel,
  { from, to, compared }: Switched,
): string =>
  [
    ...compared.map(({ table, rows: [before, after], differingBuckets: { length } }) =>
      length === 0
        ? `${table}: ${after} rows, equal in both versions`
        : `${table}: ${before} rows in version ${from}, ${after} in version ${to}; ${length} of 256 buckets of patients differ`,
    ),
    `${service} ${projection}: readers see version ${to}; version ${from} is kept, samspill rebuild roll-back leads back to it`,
  ].join('\n');
