import { backOffMs, pause } from '@samspill/kernel';
import type { Message } from 'kafkajs';
import type { PartitionOfTopic } from '../event-log.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import type { ReplaceableProducer } from './replaceable-producer.ts';

export interface QueuedEvent {
  readonly message: Message;
  readonly bytes: number;
  acknowledged(offset: number): void;
}

export interface BatchLimits {
  readonly batchBytesMax: number;
  readonly batchEventsMax: number;
}

const backOff = { minMs: 100, maxMs: 2_000 };

/**
 * The events that wait for one partition, sent in order, one call at a time (engine guide, section 3, remedy 1 and 2).
 * Sends at once when idle; what gathers behind an open call goes out together.
 */
export class PartitionQueue {
  readonly #waiting: QueuedEvent[] = [];
  #sending: Promise<void> | undefined;

  constructor(
    private readonly target: PartitionOfTopic,
    private readonly producer: ReplaceableProducer,
    private readonly limits: BatchLimits,
    private readonly given: { readonly logger: EventLogLogger; readonly abandoned: AbortSignal },
  ) {}

  push(event: QueuedEvent): void {
    this.#waiting.push(event);
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when nothing waits any more, or when the publisher is abandoned. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    // One turn later, so that events pushed together go together.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.given.abandoned.aborted) {
      const batch = this.#waiting.slice(0, this.#nextBatchLength());
      const baseOffset = await this.#sendUntilAcknowledged(batch.map(({ message }) => message));
      if (baseOffset === undefined) break;
      this.#waiting.splice(0, batch.length);
      batch.forEach((event, index) => event.acknowledged(baseOffset + index));
    }
    this.#sending = undefined;
  }

  async #sendUntilAcknowledged(messages: Message[]): Promise<number | undefined> {
    const { logger, abandoned } = this.given;
    for (let attempt = 0; !abandoned.aborted; attempt += 1) {
      try {
        return await this.producer.send(this.target, messages);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const fields = { ...this.target, attempt, events: messages.length, reason };
        logger.warn(fields, 'publish call rejected; the same is sent again by a new producer');
        await pause(backOffMs(attempt, backOff), abandoned);
      }
    }
    return undefined;
  }

  #nextBatchLength(): number {
    const { batchBytesMax, batchEventsMax } = this.limits;
    let bytes = 0;
    for (const [index, event] of this.#waiting.entries()) {
      bytes += event.bytes;
      if (index === batchEventsMax || (index > 0 && bytes > batchBytesMax)) return index;
    }
    return this.#waiting.length;
  }
}
