import { Kafka, logLevel, type Producer } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyOn, sampleEvent } from '../contract/sample-event.ts';
import type { EventPublisher, OutgoingEvent } from '../event-log.ts';
import { kafkaEventLog } from './kafka-event-log.ts';
import { ScriptedCluster, errorCodes } from './scripted-broker/scripted-cluster.ts';

/** Short, since each lost answer is waited for; long enough for a busy machine to answer the others in time. */
const requestTimeoutMs = 500;
const topic = 'sample.record.v1';

const scripted = async (leaders: readonly number[]): Promise<ScriptedCluster> => {
  const cluster = await ScriptedCluster.start(topic, leaders);
  onTestFinished(() => cluster.stop());
  return cluster;
};

/** A producer as the documentation of kafkajs recommends it, without our accumulator. */
const plainProducer = async (
  { brokers }: ScriptedCluster,
  requestTimeout = requestTimeoutMs,
): Promise<Producer> => {
  const kafka = new Kafka({ brokers, requestTimeout, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  return producer;
};

const message = (value: string, partition = 0) => ({ value, partition });

const ourPublisher = ({ brokers }: ScriptedCluster): EventPublisher => {
  const log = kafkaEventLog({ brokers, clientId: 'test', requestTimeoutMs });
  onTestFinished(() => log.close());
  return log.publisher();
};

const event = (value: string, partition: number, partitions: number): OutgoingEvent =>
  sampleEvent(topic, { value: Buffer.from(value), key: keyOn(partition, partitions) });

describe('D1: an answer is lost while another call waits', () => {
  const lostAnswer = async (): Promise<ScriptedCluster> => {
    const cluster = await scripted([1]);
    cluster.script(1, { answer: 'never' });
    return cluster;
  };

  it('plain kafkajs acknowledges the second event, loses it, and doubles the first', async () => {
    const cluster = await lostAnswer();
    const producer = await plainProducer(cluster);
    const first = producer.send({ topic, messages: [message('A')] });
    await cluster.received(1, 1);
    const second = producer.send({ topic, messages: [message('B')] });

    const [[atA], [atB]] = await Promise.all([first, second]);

    expect([atA?.errorCode, atB?.errorCode]).toEqual([0, 0]);
    expect(cluster.log(0)).toEqual(['A', 'A']);
  });

  it('our publisher has both in the log, once, in order, where it says', async () => {
    const cluster = await lostAnswer();
    const publisher = ourPublisher(cluster);
    const first = publisher.publish([event('A', 0, 1)]);
    await cluster.received(1, 1);
    const second = publisher.publish([event('B', 0, 1)]);

    const [[atA], [atB]] = await Promise.all([first, second]);

    expect([atA?.offset, atB?.offset]).toEqual([0, 1]);
    expect(cluster.log(0)).toEqual(['A', 'B']);
  });
});

describe('D1, one after the other: a call is rejected for good after its answer was lost', () => {
  const lostThenRefused = async (): Promise<ScriptedCluster> => {
    const cluster = await scripted([1]);
    cluster.script(1, { answer: 'never' }, { errorCode: errorCodes.invalidProducerEpoch });
    return cluster;
  };

  it('plain kafkajs acknowledges the next event and loses it', async () => {
    const cluster = await lostThenRefused();
    const producer = await plainProducer(cluster);
    const first = producer.send({ topic, messages: [message('A')] });
    await expect(first).rejects.toThrow();

    const [atB] = await producer.send({ topic, messages: [message('B')] });

    expect(atB?.errorCode).toBe(0);
    expect(cluster.log(0)).toEqual(['A']);
  });

  it('our publisher sends the first again before the next, and both are in the log', async () => {
    const cluster = await lostThenRefused();
    const publisher = ourPublisher(cluster);
    const first = publisher.publish([event('A', 0, 1)]);
    await cluster.received(1, 1);
    const second = publisher.publish([event('B', 0, 1)]);

    const [[atA], [atB]] = await Promise.all([first, second]);

    // Twice under one event id: a new producer cannot know that the lost answer meant success.
    expect(cluster.log(0)).toEqual(['A', 'A', 'B']);
    expect([atA?.offset, atB?.offset]).toEqual([1, 2]);
  });
});

describe('D2: the leader of one partition moves while the other has answered', () => {
  it('plain kafkajs resolves though one event was never sent again', async () => {
    const cluster = await scripted([1, 2]);
    const producer = await plainProducer(cluster);
    const otherAnswered = new Promise<void>((resolve) => {
      producer.on(producer.events.REQUEST, ({ payload }) => {
        if (payload.apiName === 'Produce' && payload.broker === cluster.brokerOf(2)) resolve();
      });
    });
    cluster.script(1, { errorCode: errorCodes.notLeader, until: otherAnswered });
    const call = producer.send({ topic, messages: [message('A', 0), message('B', 1)] });
    await cluster.received(1, 1);
    cluster.moveLeader(0, 2);

    const acknowledged = await call;

    expect(acknowledged.map(({ partition }) => partition)).toEqual([1]);
    expect([cluster.log(0), cluster.log(1)]).toEqual([[], ['B']]);
  });

  it('our publisher sends it to the new leader before it answers', async () => {
    const cluster = await scripted([1, 2]);
    cluster.script(1, { errorCode: errorCodes.notLeader, until: cluster.received(2, 1) });
    const publisher = ourPublisher(cluster);
    const call = publisher.publish([event('A', 0, 2), event('B', 1, 2)]);
    await cluster.received(1, 1);
    cluster.moveLeader(0, 2);

    const positions = await call;

    expect(positions.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect([cluster.log(0), cluster.log(1)]).toEqual([['A'], ['B']]);
  });
});

describe('D3: one broker refuses while the request to the other is open', () => {
  const refusedBesideOpen = async (): Promise<ScriptedCluster> => {
    const cluster = await scripted([1, 2]);
    cluster.script(1, { errorCode: errorCodes.notLeader });
    cluster.script(2, { until: cluster.received(1, 2) });
    return cluster;
  };

  it('plain kafkajs writes the event of the healthy broker twice', async () => {
    const cluster = await refusedBesideOpen();
    // The open request must stay open until the other has been tried again.
    const producer = await plainProducer(cluster, 10_000);

    await producer.send({ topic, messages: [message('A', 0), message('B', 1)] });

    expect([cluster.log(0), cluster.log(1)]).toEqual([['A'], ['B', 'B']]);
  });

  it('our publisher writes it once', async () => {
    const cluster = await refusedBesideOpen();
    await ourPublisher(cluster).publish([event('A', 0, 2), event('B', 1, 2)]);
    expect([cluster.log(0), cluster.log(1)]).toEqual([['A'], ['B']]);
  });
});
