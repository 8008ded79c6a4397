import { describe, expect, it, onTestFinished } from 'vitest';
import { kafkaClient } from './kafka-client.ts';
import { silentLogger } from './kafkajs-log.ts';
import { ReplaceableProducer } from './replaceable-producer.ts';
import { ScriptedCluster, errorCodes } from './scripted-broker/scripted-cluster.ts';

const topic = 'sample.record.v1';
const target = { topic, partition: 0 };
const messages = [{ key: 'a', value: 'A', partition: 0 }];

const given = async (): Promise<{ cluster: ScriptedCluster; producer: ReplaceableProducer }> => {
  const cluster = await ScriptedCluster.start(topic, [1]);
  const address = { brokers: cluster.brokers, clientId: 'test', requestTimeoutMs: 500 };
  const producer = new ReplaceableProducer(kafkaClient(address, silentLogger));
  onTestFinished(async () => {
    await producer.abandon();
    await cluster.stop();
  });
  return { cluster, producer };
};

describe('the replaceable producer', () => {
  it('has a new id at the broker after a rejected call, and leaves no connection of the old one', async () => {
    const { cluster, producer } = await given();
    await producer.send(target, messages);
    const connections = cluster.connections;
    cluster.script(1, { errorCode: errorCodes.invalidProducerEpoch });
    await expect(producer.send(target, messages)).rejects.toThrow();
    expect(await producer.send(target, messages)).toBe(1);
    expect(cluster.producerIds).toBe(2);
    expect(cluster.connections).toBe(connections);
  });

  it('ends the retries of kafkajs when it is abandoned, though a later one would succeed', async () => {
    const { cluster, producer } = await given();
    cluster.script(1, { answer: 'never' }, { answer: 'never' }, { answer: 'never' });
    const outcome = expect(producer.send(target, messages)).rejects.toThrow();
    await cluster.received(1, 1);
    await producer.abandon();
    await outcome;
  });
});
