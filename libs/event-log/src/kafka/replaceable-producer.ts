import type { Kafka, Message, Producer, RecordMetadata } from 'kafkajs';
import type { PartitionOfTopic } from '../event-log.ts';

interface Held {
  readonly producer: Producer;
  readonly connected: Promise<void>;
  openCalls: number;
  discarded: boolean;
}

/**
 * An idempotent producer that is thrown away after any rejected call (engine guide, section 3, remedy 3 to 5).
 * kafkajs rolls its sequence numbers back when a call fails; the broker may hold that batch nevertheless and would take
 * the next call of the same size for a repeat: acknowledged, and never written. A new producer has a new id at the
 * broker, so nothing of it can be taken for something else.
 */
export class ReplaceableProducer {
  #held: Held | undefined;
  #abandoned = false;

  constructor(private readonly kafka: Kafka) {}

  /**
   * Sends these messages to one partition and answers with the offset of the first. The caller has at most one call open
   * a partition, and after a rejection sends the same messages again before anything newer.
   */
  async send(target: PartitionOfTopic, messages: Message[]): Promise<number> {
    const held = (this.#held ??= this.#open());
    held.openCalls += 1;
    try {
      await held.connected;
      const acknowledged = await held.producer.send({
        topic: target.topic,
        acks: -1,
        // How long the leader waits for its followers: shorter than the silence after which it is given up.
        timeout: 5_000,
        messages,
      });
      return baseOffsetOf(acknowledged, target);
    } catch (error) {
      this.#discard(held);
      throw error;
    } finally {
      held.openCalls -= 1;
      if (held.discarded && held.openCalls === 0) await disconnect(held);
    }
  }

  /** Ends open calls with a rejection and takes no new ones. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    if (this.#held === undefined) return;
    const held = this.#held;
    this.#discard(held);
    await disconnect(held);
  }

  #discard(held: Held): void {
    held.discarded = true;
    if (this.#held === held) this.#held = undefined;
  }

  #open(): Held {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { retries: Number.MAX_SAFE_INTEGER, maxRetryTime: 2_000 },
      // Each attempt of kafkajs comes by here, so this also ends its endless retries once the publisher is closed.
      createPartitioner: () => (args) => {
        if (this.#abandoned) throw Object.assign(new Error('closed'), { retriable: false });
        return args.message.partition ?? 0;
      },
    });
    return { producer, connected: producer.connect(), openCalls: 0, discarded: false };
  }
}

/** kafkajs resolves in cases where nothing was written (engine guide D2), so each acknowledgement is looked at. */
function baseOffsetOf(metadata: readonly RecordMetadata[], target: PartitionOfTopic): number {
  const [only] = metadata;
  const offset = Number(only?.baseOffset ?? NaN);
  const matches =
    metadata.length === 1 &&
    only?.topicName === target.topic &&
    only.partition === target.partition &&
    only.errorCode === 0 &&
    Number.isSafeInteger(offset) &&
    offset >= 0;
  if (!matches) throw new Error('the acknowledgement is not that of the records sent');
  return offset;
}

/** What fails here is a connection that is given up anyway. */
const disconnect = (held: Held): Promise<void> => held.producer.disconnect().catch(() => undefined);
