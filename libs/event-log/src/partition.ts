import { createRequire } from 'node:module';

// The module of kafkajs itself, so that there is one hash in the process; kafkajs does not export it.
const murmur2 = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2.js',
) as (key: string) => number;

/**
 * The partition of a key among so many: murmur2 as in the Java client and in the default partitioner of kafkajs, so
 * that every client in every language puts a patient on the same partition (engine guide, section 3).
 */
export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;
