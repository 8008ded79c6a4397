import { memoryEventLog } from '@samspill/event-log';
import { expect, it } from 'vitest';
import { heldLog } from './held-log.ts';

const record = { key: undefined, id: undefined, type: undefined, source: undefined, value: null };

it('delivers other topics at once, and the held one once it is ready and told to go', async () => {
  // Given a topic that is held, and another one that is to be read before.
  const log = memoryEventLog({ topics: { held: 1, before: 1 } });
  log.append({ ...record, topic: 'held' });
  const seen: string[] = [];
  const armed = Promise.withResolvers<undefined>();
  const go = Promise.withResolvers<undefined>();
  const subscription = await heldLog(log, {
    topic: 'held',
    isReady: () => Promise.resolve(seen.includes('before')),
    onArmed: () => armed.resolve(undefined),
    go: go.promise,
  }).subscribe({
    topics: ['held', 'before'],
    group: 'spec',
    claim: (partitions) => Promise.resolve(partitions.map(() => 0)),
    handle: ({ topic }) => {
      seen.push(topic);
      return Promise.resolve('done');
    },
  });
  // When what is to be read before comes, it is armed, and nothing of what is held was delivered.
  log.append({ ...record, topic: 'before' });
  await armed.promise;
  expect(seen).toEqual(['before']);
  // When it may go, the rest comes.
  go.resolve(undefined);
  await expect.poll(() => seen).toEqual(['before', 'held']);
  await subscription.close();
});
