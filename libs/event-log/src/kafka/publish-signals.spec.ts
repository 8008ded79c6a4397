import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sampleEvent } from '../contract/sample-event.ts';
import { kafkaEventLog } from './kafka-event-log.ts';
import { ScriptedCluster } from './scripted-broker/scripted-cluster.ts';
import type { PublishedCall } from './told-publisher.ts';

const topic = 'sample.record.v1';

let cluster: ScriptedCluster;
let told: PublishedCall[];

beforeEach(async () => {
  told = [];
  cluster = await ScriptedCluster.start(topic, [1]);
});

afterEach(() => cluster.stop());

function given({ deadlineMs = 10_000 } = {}) {
  const log = kafkaEventLog({
    brokers: cluster.brokers,
    clientId: 'test',
    publish: { deadlineMs, queueEventsMax: 3 },
    onPublish: (call) => told.push(call),
  });
  onTestFinished(() => log.close());
  const publisher = log.publisher();
  const publish = (events: number) =>
    publisher.publish(Array.from({ length: events }, () => sampleEvent(topic)));
  return { log, publish };
}

describe('who runs a publisher', () => {
  it('is told of a call once, with its events, when the log has acknowledged them', async () => {
    const { publish } = given();
    await publish(3);
    expect(told).toEqual([{ topic, events: 3, durationMs: expect.any(Number) as number }]);
  });

  it('is told why a call was not acknowledged', async () => {
    const { publish } = given({ deadlineMs: 50 });
    cluster.script(1, ...Array.from({ length: 20 }, () => ({ answer: 'never' as const })));
    await expect(publish(2)).rejects.toThrow();
    await expect(publish(4)).rejects.toThrow();
    expect(told).toMatchObject([
      { topic, events: 2, error: 'PUBLISH_OUTCOME_UNKNOWN' },
      { topic, events: 4, error: 'EVENT_LOG_OVERLOADED' },
    ]);
  });

  it('sees how full its queue is', async () => {
    const { log, publish } = given();
    const open = Promise.withResolvers<undefined>();
    cluster.script(1, { until: open.promise });
    const call = publish(2);
    await cluster.received(1, 1);
    expect(log.queues()).toEqual([expect.objectContaining({ events: 2, queueEventsMax: 3 })]);
    expect(log.queues()[0]?.bytes).toBeGreaterThan(0);
    open.resolve(undefined);
    await call;
    await expect.poll(() => log.queues()).toMatchObject([{ events: 0, bytes: 0 }]);
  });
});
