import { SamspillError } from '@samspill/kernel';
import type { PartitionReader } from '../event-log.ts';
import type { MemoryPartition } from './memory-partition.ts';

/** Reads a partition in memory from an offset on. */
export function memoryReader(
  partition: MemoryPartition,
  from: number,
  recordsMax: number,
): PartitionReader {
  const closing = new AbortController();
  let next = from;
  return {
    read: async () => {
      while (!closing.signal.aborted) {
        const records = partition.read(next, recordsMax);
        if (records.length > 0) {
          next += records.length;
          return { records, nextOffset: next };
        }
        await partition.growth(closing.signal);
      }
      throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place: 'reader, which is closed' });
    },
    close: () => {
      closing.abort();
      return Promise.resolve();
    },
  };
}
