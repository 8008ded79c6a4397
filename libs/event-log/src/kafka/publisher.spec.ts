import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../contract/reader.ts';
import { keyOn, sampleEvent } from '../contract/sample-event.ts';
import type { EventLog, EventPublisher, OutgoingEvent } from '../event-log.ts';
import type { PublishOutcomeUnknown } from '../publish-outcome-unknown.ts';
import { kafkaEventLog, type KafkaEventLogOptions } from './kafka-event-log.ts';
import { silentLogger } from './kafkajs-log.ts';
import { ScriptedCluster, errorCodes } from './scripted-broker/scripted-cluster.ts';

const topic = 'sample.record.v1';

/** One partition on one broker, and a publisher on it. */
const given = async (
  publish: KafkaEventLogOptions['publish'] = {},
): Promise<{ cluster: ScriptedCluster; log: EventLog; publisher: EventPublisher }> => {
  const cluster = await ScriptedCluster.start(topic, [1]);
  const log = kafkaEventLog({
    brokers: cluster.brokers,
    clientId: 'test',
    requestTimeoutMs: 500,
    publish,
  });
  onTestFinished(async () => {
    await log.close();
    await cluster.stop();
  });
  return { cluster, log, publisher: log.publisher() };
};

const event = (value: string): OutgoingEvent => sampleEvent(topic, { value: Buffer.from(value) });

describe('the publisher on Kafka', () => {
  it('takes an answer that does not name the records for no acknowledgement', async () => {
    const { cluster, publisher } = await given();
    cluster.script(1, { answer: 'without the records' });
    const [position] = await publisher.publish([event('A')]);
    // Sent again; the one position that it answers with is a true one.
    expect(cluster.log(0)[position?.offset ?? -1]).toBe('A');
    expect(cluster.batchSizes(0)).toEqual([1, 1]);
  });

  it('sends at once when idle and together what gathers behind an open call', async () => {
    const { cluster, publisher } = await given();
    const open = Promise.withResolvers<undefined>();
    cluster.script(1, { until: open.promise });
    const calls = [publisher.publish([event('first')])];
    await cluster.received(1, 1);
    for (let n = 0; n < 50; n += 1) calls.push(publisher.publish([event(`${n}`)]));
    open.resolve(undefined);

    const positions = (await Promise.all(calls)).flat();

    expect(cluster.batchSizes(0)).toEqual([1, 50]);
    expect(positions.map(({ offset }) => offset)).toEqual(Array.from({ length: 51 }, (_, n) => n));
    expect(cluster.log(0)).toEqual(['first', ...Array.from({ length: 50 }, (_, n) => `${n}`)]);
  });

  it('keeps each batch within its bytes', async () => {
    const { cluster, publisher } = await given();
    const large = () => event('x'.repeat(400_000));
    await publisher.publish([large(), large(), large(), large(), large()]);
    expect(cluster.batchSizes(0)).toEqual([2, 2, 1]);
  });

  it('keeps each batch within its count', async () => {
    const { cluster, publisher } = await given({ batchEventsMax: 2 });
    await publisher.publish(['A', 'B', 'C', 'D', 'E'].map(event));
    expect(cluster.batchSizes(0)).toEqual([2, 2, 1]);
    expect(cluster.log(0)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('says that the outcome is unknown past the deadline, and goes on sending', async () => {
    const { cluster, publisher } = await given({ deadlineMs: 50 });
    const silence = Promise.withResolvers<undefined>();
    cluster.script(1, { errorCode: 6, until: silence.promise });
    const call = publisher.publish([event('A')]);
    const unknown = await call.catch((error: unknown) => error);
    expect(unknown).toMatchObject({ code: 'PUBLISH_OUTCOME_UNKNOWN', retriable: true });
    expect(cluster.log(0)).toEqual([]);

    silence.resolve(undefined);
    await cluster.received(1, 2);

    expect(cluster.log(0)).toEqual(['A']);
    // And whoever asked can still learn where it lies.
    expect(await (unknown as PublishOutcomeUnknown).late).toEqual([
      { topic, partition: 0, offset: 0 },
    ]);
  });

  it.each([
    ['events', { queueEventsMax: 2 }],
    ['bytes', { queueBytesMax: 1_000 }],
  ])(
    'refuses what exceeds the queue in %s, sends nothing of it, and has room again',
    async (_, max) => {
      const { cluster, publisher } = await given(max);
      const open = Promise.withResolvers<undefined>();
      cluster.script(1, { until: open.promise });
      const first = publisher.publish([event('A'), event('B')]);
      await expect(publisher.publish([event('C')])).rejects.toMatchObject({
        code: 'EVENT_LOG_OVERLOADED',
        retriable: true,
      });
      open.resolve(undefined);
      await first;
      await publisher.publish([event('D')]);
      expect(cluster.log(0)).toEqual(['A', 'B', 'D']);
    },
  );

  it('closes past its deadline although the broker does not answer', async () => {
    const { cluster, log, publisher } = await given({ deadlineMs: 100 });
    cluster.script(1, ...Array.from({ length: 20 }, () => ({ answer: 'never' as const })));
    const call = publisher.publish([event('A')]);
    const outcome = expect(call).rejects.toMatchObject({ code: 'PUBLISH_OUTCOME_UNKNOWN' });
    await log.close();
    await outcome;
    // Nor does kafkajs go on in the background: its connections end.
    await eventually(() => expect(cluster.connections).toBe(0));
    expect(cluster.log(0)).toEqual(['A']);
  });

  it('goes on at the new leader while the old one is connected and silent', async () => {
    const cluster = await ScriptedCluster.start(topic, [1, 2]);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, text: string) => warnings.push(text) };
    // Longer than the test: nobody waits for it.
    const address = { brokers: cluster.brokers, clientId: 'test', requestTimeoutMs: 600_000 };
    const log = kafkaEventLog({ ...address, logger, publish: { deadlineMs: 60_000 } });
    onTestFinished(async () => {
      await log.close();
      await cluster.stop();
    });
    cluster.script(1, { errorCode: errorCodes.notLeader, answer: 'never' });
    const call = log
      .publisher()
      .publish([sampleEvent(topic, { key: keyOn(0, 2), value: Buffer.from('A') })]);
    await cluster.received(1, 1);
    cluster.moveLeader(0, 2);
    expect(await call).toEqual([{ topic, partition: 0, offset: 0 }]);
    expect(cluster.log(0)).toEqual(['A']);
    expect(warnings).toContain('broker does not answer; connection given up');
  }, 60_000);

  it('says that the log is away when no broker is there', async () => {
    const { cluster } = await given();
    const { brokers } = cluster;
    await cluster.stop();
    const log = kafkaEventLog({ brokers, clientId: 'test' });
    onTestFinished(() => log.close());
    await expect(log.publisher().publish([event('A')])).rejects.toMatchObject({
      code: 'EVENT_LOG_UNAVAILABLE',
      retriable: true,
    });
  });
});
