import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
}
interface RequestQueuePrototype {
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

/** The class of kafkajs that holds the requests of one connection; kafkajs does not export it. */
export const requestQueueClass = createRequire(import.meta.url)(
  'kafkajs/src/network/requestQueue/index.js',
) as { new (options: object): object; readonly prototype: RequestQueuePrototype };

let patched = false;

/**
 * Stops the spinning timer of kafkajs 2.2.4 (tulios/kafkajs#1751, #1768). After its first response a connection re-arms a
 * timer for ever: without a throttle the delay comes out negative, so Node fires after 1 ms; about 900 wake-ups a
 * second and 3.5 % of a core for each idle connection. With nothing pending there is nothing to check, and `push`
 * arms the timer again. To be removed when kafkajs is mended: the test that shows the spin will then fail.
 */
export function patchIdleTimer(): void {
  if (patched) return;
  patched = true;
  const { prototype } = requestQueueClass;
  const { scheduleCheckPendingRequests } = prototype;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
}
