import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { consumerGroupClass, kafkajsErrors } from './consumer-group.ts';
import { patchMembership } from './membership-patch.ts';

beforeEach(() => {
  patchMembership();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const interval = 3_000;
const lost = new kafkajsErrors.KafkaJSConnectionError('Closed connection');

/** A member whose coordinator, on node 1, answers its heartbeats with an error or not. */
const given = (error?: Error) => {
  const coordinator = { nodeId: 1, answer: error, heartbeats: 0 };
  const heartbeat = (): Promise<void> => {
    coordinator.heartbeats += 1;
    return coordinator.answer === undefined
      ? Promise.resolve()
      : Promise.reject(coordinator.answer);
  };
  let found: () => Promise<{ nodeId: number }> = () => Promise.resolve({ nodeId: 1 });
  const group = Object.assign(
    new consumerGroupClass({
      logger: { namespace: () => ({}) },
      cluster: { findGroupCoordinator: () => found() },
      topics: [],
      topicConfigurations: {},
      groupId: 'a.b',
      instrumentationEmitter: { emit: () => undefined },
    }),
    { coordinator: Object.assign(coordinator, { heartbeat }), memberId: 'me' },
  );
  vi.setSystemTime(Date.now() + interval);
  const beat = (): Promise<void> => group.heartbeat({ interval });
  return { coordinator, beat, find: (answer: typeof found) => (found = answer) };
};

it('a heartbeat whose coordinator is lost does not stop the reading, and waits for its next turn', async () => {
  const { coordinator, beat, find } = given(lost);
  find(() => Promise.reject(lost));
  await beat();
  await beat();
  expect(coordinator.heartbeats).toBe(1);
  vi.setSystemTime(Date.now() + interval);
  await beat();
  expect(coordinator.heartbeats).toBe(2);
});

it('once the group has another coordinator the consumer joins there', async () => {
  const { beat, find } = given(lost);
  find(() => Promise.resolve({ nodeId: 2 }));
  await expect(beat()).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
});

it('what the coordinator itself says is passed on', async () => {
  const rebalancing = new Error('the group is rebalancing');
  await expect(given(rebalancing).beat()).rejects.toBe(rebalancing);
});

it('heartbeats go on when the clock is set back', async () => {
  const { coordinator, beat } = given();
  await beat();
  vi.setSystemTime(Date.now() - 600_000);
  await beat();
  vi.setSystemTime(Date.now() + interval);
  await beat();
  expect(coordinator.heartbeats).toBe(2);
});
