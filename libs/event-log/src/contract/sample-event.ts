import { randomBytes } from 'node:crypto';
import { newPseudonym, uuidV8, type Pseudonym } from '@samspill/kernel';
import type { OutgoingEvent } from '../event-log.ts';
import { partitionOf } from '../partition.ts';

/** An event with an id of its own; key and value are random unless given. */
export const sampleEvent = (topic: string, given: Partial<OutgoingEvent> = {}): OutgoingEvent => ({
  topic,
  key: newPseudonym(),
  id: uuidV8(randomBytes(16)),
  type: 'sample.SampleRecorded',
  source: 'urn:samspill:999999999:sample',
  value: randomBytes(16),
  ...given,
});

/** A random key that lies on the given partition. */
export function keyOn(partition: number, partitions: number): Pseudonym {
  for (;;) {
    const key = newPseudonym();
    if (partitionOf(key, partitions) === partition) return key;
  }
}
