import { createRequire } from 'node:module';
import type { KafkaJSConnectionError, KafkaJSProtocolError } from 'kafkajs';

const load = createRequire(import.meta.url);

/** The membership of one consumer in kafkajs, as far as it is patched here. */
export interface ConsumerGroup {
  readonly groupId: string;
  readonly cluster: {
    findGroupCoordinator(of: { groupId: string }): Promise<Coordinator>;
  };
  coordinator: Coordinator;
  memberId: string | null;
  /** When the coordinator last answered, in milliseconds since the epoch. */
  lastRequest: number;
}

interface Coordinator {
  readonly nodeId: number;
}

interface ConsumerGroupPrototype {
  connect: (this: ConsumerGroup) => Promise<void>;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
  heartbeat: (this: ConsumerGroup, options: { readonly interval: number }) => Promise<void>;
  leave: (this: ConsumerGroup) => Promise<void>;
}

/** kafkajs does not export it. */
export const consumerGroupClass = load('kafkajs/src/consumer/consumerGroup.js') as {
  new (options: object): ConsumerGroup & ConsumerGroupPrototype;
  readonly prototype: ConsumerGroupPrototype;
};

/** kafkajs exports them in a way that modules do not see. */
export const kafkajsErrors = load('kafkajs/src/errors.js') as {
  readonly KafkaJSConnectionError: typeof KafkaJSConnectionError;
  readonly KafkaJSProtocolError: new (details: {
    readonly type: string;
    readonly code: number;
    readonly message: string;
    readonly retriable: boolean;
  }) => KafkaJSProtocolError;
};
