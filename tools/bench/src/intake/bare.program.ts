// The peer of the intake: what a user would write with node:http and kafkajs. Answers once the broker has acknowledged.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Kafka } from 'kafkajs';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import type { BareOrders, BareSetting } from './bare.ts';

const { brokers, topic, port } = givenSetting() as BareSetting;
const producer = new Kafka({ clientId: 'bare-intake', brokers: [...brokers] }).producer({
  idempotent: true,
  allowAutoTopicCreation: false,
});
await producer.connect();

const server = createServer((request, response) => {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  void text(request)
    .then(async (body) => {
      const { identifier } = JSON.parse(body) as { identifier: [{ value: string }] };
      const messages = [{ key: identifier[0].value, value: body }];
      const [at] = await producer.send({ topic, acks: -1, messages });
      answer(201, { partition: at?.partition, offset: at?.baseOffset });
    })
    .catch((error: unknown) => answer(503, { error: String(error) }));
});
await once(server.listen(port, '127.0.0.1'), 'listening');

const orders: BareOrders = {
  end: async () => {
    server.close();
    await producer.disconnect();
  },
};
serveOrders(orders);
