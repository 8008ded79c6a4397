import { SamspillError, type ErrorCode } from '@samspill/kernel';
import type { EventPublisher, OutgoingEvent } from '../event-log.ts';

/** What one call of `publish` came to, as far as it is about one topic. */
export interface PublishedCall {
  readonly topic: string;
  readonly events: number;
  /** From the call to its answer. */
  readonly durationMs: number;
  /** Why it was rejected; absent when the log has acknowledged all. */
  readonly error?: ErrorCode;
}

/** The same publisher, which tells of each call that was answered, once a topic. */
export function toldPublisher(
  publisher: EventPublisher,
  tell: (call: PublishedCall) => void,
): EventPublisher {
  return {
    publish: async (events) => {
      const beganMs = performance.now();
      const answered = (failed: { readonly error?: ErrorCode }): void => {
        const durationMs = performance.now() - beganMs;
        for (const [topic, count] of countByTopic(events)) {
          tell({ topic, events: count, durationMs, ...failed });
        }
      };
      try {
        const positions = await publisher.publish(events);
        answered({});
        return positions;
      } catch (error) {
        if (error instanceof SamspillError) answered({ error: error.code });
        throw error;
      }
    },
    close: () => publisher.close(),
  };
}

function countByTopic(events: readonly OutgoingEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { topic } of events) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return counts;
}
