import { randomUUID } from 'node:crypto';
import { eventLogContract, type ContractLog } from '../contract.ts';
import { memoryEventLog } from './memory-event-log.ts';

const log = memoryEventLog();
const contractLog: ContractLog = {
  log,
  createTopic: (partitions) => {
    const topic = `contract.${randomUUID()}`;
    log.createTopic(topic, partitions);
    return Promise.resolve(topic);
  },
  appendBare: (topic, record) => {
    log.append({ topic, ...record, id: undefined, type: undefined, source: undefined });
    return Promise.resolve();
  },
};

eventLogContract('in memory', () => contractLog);
