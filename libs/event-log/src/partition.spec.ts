import { newPseudonym } from '@samspill/kernel';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { partitionOf } from './partition.ts';

describe('the partition of a key', () => {
  // murmur2 as in org.apache.kafka.common.utils.UtilsTest, made positive and divided.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('of %s is what the Java client computes', (key, murmur2) => {
    for (const partitions of [1, 3, 6, 12]) {
      expect(partitionOf(key, partitions)).toBe((murmur2 & 0x7fffffff) % partitions);
    }
  });

  it('is what the default partitioner of kafkajs computes', () => {
    const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [1],
      isr: [1],
    }));
    const partitioner = Partitioners.DefaultPartitioner();
    for (let n = 0; n < 100; n += 1) {
      const key = newPseudonym();
      const message = { key, value: null };
      expect(partitionOf(key, 6)).toBe(partitioner({ topic: 'a', partitionMetadata, message }));
    }
  });
});
