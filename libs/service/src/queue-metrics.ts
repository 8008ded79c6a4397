import type { QueueFill } from '@samspill/event-log';
import { Gauge, type Registry } from 'prom-client';

const gauges: readonly (readonly [name: string, help: string, of: keyof QueueFill])[] = [
  ['publisher_queue_events', 'Events that were taken in and are not acknowledged yet.', 'events'],
  ['publisher_queue_bytes', 'Bytes of these events.', 'bytes'],
  [
    'publisher_queue_events_max',
    'Events that the queue takes in before it refuses with EVENT_LOG_OVERLOADED.',
    'queueEventsMax',
  ],
  [
    'publisher_queue_bytes_max',
    'Bytes that the queue takes in before it refuses with EVENT_LOG_OVERLOADED.',
    'queueBytesMax',
  ],
];

/** How full the queues of the process's publishers are, in all. */
export function observeQueues(
  registry: Registry,
  { queues }: { readonly queues: () => readonly QueueFill[] },
): void {
  for (const [name, help, of] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(queues().reduce((sum, queue) => sum + queue[of], 0));
      },
    });
  }
}
