import { memoryEventLog } from '@samspill/event-log';
import type { Projection } from '@samspill/read-model';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openOperations } from './open-operations.ts';
import type { Operations } from './operations.ts';

const checkpoint = { projection: 'readings', version: 1, topic: 'readings', partition: 0, next: 0 };
/** Only the checkpoints are asked for here. */
const pool = { query: () => Promise.resolve({ rows: [checkpoint] }) } as unknown as Pool;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it.each([
  ['a service that is told of each look', vi.fn<NonNullable<Operations['onLook']>>()],
  ['one that is not', undefined],
])('the lag is looked at each second, so that ages are known: of %s', async (_, onLook) => {
  const log = memoryEventLog({ topics: { readings: 1 } });
  const ranges = vi.fn(() => log.ranges('readings'));
  const operations: Operations = {
    service: 'ward',
    schema: 'ward',
    projections: [{ name: 'readings' } as Projection],
    keys: { pseudonyms: () => Promise.resolve([]) },
    identity: 'strict',
    pool,
    eventLog: { ranges },
    ...(onLook && { onLook }),
  };
  const opened = openOperations(operations, new Registry());
  await vi.advanceTimersByTimeAsync(3_000);
  opened.close();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ranges).toHaveBeenCalledTimes(3);
  if (onLook) expect(onLook).toHaveBeenCalledTimes(3);
});
