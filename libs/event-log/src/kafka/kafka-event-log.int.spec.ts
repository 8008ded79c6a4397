import { afterAll, beforeAll } from 'vitest';
import { eventLogContract } from '../contract.ts';
import { realKafka, type RealKafka } from './real-kafka.ts';

let kafka: RealKafka;
beforeAll(async () => {
  kafka = await realKafka();
});
afterAll(() => kafka.stop());

eventLogContract('on Kafka', () => kafka);
