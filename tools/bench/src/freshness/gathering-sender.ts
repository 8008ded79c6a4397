import type { Message, Producer } from 'kafkajs';

/** Sends at once while nothing is under way; what comes meanwhile goes out together next, as the Java client does without linger. */
export interface GatheringSender {
  /** Resolves when these messages are acknowledged. */
  send(messages: readonly Message[]): Promise<void>;
}

export function gatheringSender(producer: Pick<Producer, 'send'>, topic: string): GatheringSender {
  let gathered: Message[] = [];
  let next: Promise<void> | undefined;
  let underWay = Promise.resolve();
  const sendGathered = async (): Promise<void> => {
    await underWay;
    const messages = gathered;
    gathered = [];
    next = undefined;
    await producer.send({ topic, acks: -1, messages });
  };
  return {
    send: (messages) => {
      gathered.push(...messages);
      if (next === undefined) {
        const sent = sendGathered();
        next = sent;
        underWay = sent.catch(() => undefined);
      }
      return next;
    },
  };
}
