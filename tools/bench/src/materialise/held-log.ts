import type { EventLog } from '@samspill/event-log';
import { within } from '@samspill/kernel';

export interface Hold {
  /** Whose records are held. */
  readonly topic: string;
  /** False: more is to be read from other topics first. */
  readonly isReady: () => Promise<boolean>;
  /** A batch is fetched and waits. */
  readonly onArmed: () => void;
  readonly go: Promise<void>;
}

const heartbeatEveryMs = 1_000;

/** The event log, which delivers the records of one topic only when told to: whoever subscribes has joined by then. */
export const heldLog = (eventLog: EventLog, hold: Hold): EventLog => {
  let isGone = false;
  void hold.go.then(() => (isGone = true));
  return {
    ...eventLog,
    subscribe: (subscription) =>
      eventLog.subscribe({
        ...subscription,
        handle: async (batch) => {
          if (!isGone && batch.topic === hold.topic) {
            if (!(await hold.isReady())) return 'again';
            hold.onArmed();
            while (
              (await within(
                heartbeatEveryMs,
                hold.go.then(() => true),
              )) === undefined
            ) {
              await batch.heartbeat();
            }
          }
          return subscription.handle(batch);
        },
      }),
  };
};
