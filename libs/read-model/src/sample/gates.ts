import type { Gate } from '../gate.ts';
import { countGates, requeue } from '../parked.ts';
import { readings } from './projections.ts';
import type { Ward } from './ward.ts';

/** How many patients have a gate in this state. */
export const gatesIn = async ({ pool, schema }: Ward, wanted: Gate['state']): Promise<number> =>
  (await countGates(pool, { schema })).find(({ state }) => state === wanted)?.patients ?? 0;

export const requeueAll = ({ pool, schema }: Ward): Promise<number> =>
  requeue(pool, { schema, projection: readings.name, all: true });
