import type { EventLogLogger } from '@samspill/event-log';
import { formatPosition } from '@samspill/kernel';
import type { Rejected } from './decode-batch.ts';

/** Tells those who run the service which records were rejected, by position alone. */
export function tellRejected(logger: EventLogLogger, rejected: readonly Rejected[]): void {
  for (const { record, code } of rejected) {
    const { topic, partition } = record;
    logger.error({ topic, partition, position: formatPosition(record), code }, 'rejected');
  }
}
