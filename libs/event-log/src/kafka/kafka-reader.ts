import { SamspillError, backOffMs, pause } from '@samspill/kernel';
import { assertStillWithinLog, assertWithinLog } from '../claim.ts';
import type { EventLog, PartitionReader, ReadFrom, RecordsRead } from '../event-log.ts';
import { kafkaClient, type BrokerAddress } from './kafka-client.ts';
import { recordsOf } from './kafka-record.ts';
import type { EventLogLogger } from './kafkajs-log.ts';
import type { LogMetadata } from './log-metadata.ts';
import { PartitionFetch } from './partition-fetch.ts';
import type { SubscribeTimes } from './subscribe-times.ts';

const triesMax = 4;
const backOff = { minMs: 100, maxMs: 1_000 };

/** Reads one partition in no group, one fetch ahead of whoever asks. */
export class KafkaReader implements PartitionReader {
  readonly #partition: PartitionFetch;
  readonly #ranges: EventLog['ranges'];
  readonly #closing = new AbortController();
  readonly #closed = Promise.withResolvers<never>();
  #next: number;
  /** The fetch that nobody has asked for yet. */
  #ahead: Promise<RecordsRead> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    address: BrokerAddress,
    metadata: LogMetadata,
    private readonly what: ReadFrom,
    times: SubscribeTimes,
    private readonly logger: EventLogLogger,
    private readonly onClosed: () => void,
  ) {
    this.#ranges = (topic) => metadata.ranges(topic);
    this.#next = what.from;
    this.#partition = new PartitionFetch(kafkaClient(address, logger), what, times);
    // Only who reads has to know.
    this.#closed.promise.catch(() => undefined);
  }

  /** Rejects with TOPIC_MISSING, EVENT_LOG_UNAVAILABLE or LOG_DATABASE_MISMATCH. */
  async start(): Promise<void> {
    try {
      await assertWithinLog(this.#ranges, [this.what], [this.#next]);
      await this.#partition.connect();
    } catch (cause) {
      await this.close();
      throw this.#told(cause);
    }
  }

  async read(): Promise<RecordsRead> {
    const asked = this.#ahead ?? this.#fetchAhead();
    const read = await Promise.race([asked, this.#closed.promise]);
    void this.#fetchAhead();
    return read;
  }

  close(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  /** Begins the next fetch. One that broke stays, so that every later call is told. */
  #fetchAhead(): Promise<RecordsRead> {
    this.#ahead = this.#fetchUntilSome();
    this.#ahead.catch(() => undefined);
    return this.#ahead;
  }

  async #fetchUntilSome(): Promise<RecordsRead> {
    for (let failed = 0; ;) {
      try {
        const batch = await this.#partition.fetch(this.#next);
        failed = 0;
        // A batch whose last records were compacted away is gone through one offset at a time.
        if (!batch.isEmptyIncludingFiltered()) this.#next = Number(batch.lastOffset()) + 1;
        else if (batch.rawMessages.length > 0) this.#next += 1;
        else continue;
        return { records: recordsOf(batch), nextOffset: this.#next };
      } catch (cause) {
        failed += 1;
        await this.#recover(cause, failed);
      }
    }
  }

  /** Rejects where the log holds the next records no longer, or does not come back soon. */
  async #recover(cause: unknown, failed: number): Promise<void> {
    if (failed >= triesMax || this.#closing.signal.aborted) throw this.#told(cause);
    if (isOutOfRange(cause)) await assertStillWithinLog(this.#ranges, [this.what], [this.#next]);
    await pause(backOffMs(failed, backOff), this.#closing.signal);
    // What keeps it from answering keeps the next fetch too, which says so.
    await this.#partition.leaderMoved().catch(() => undefined);
  }

  #told(cause: unknown): SamspillError {
    if (cause instanceof SamspillError) return cause;
    return new SamspillError('EVENT_LOG_UNAVAILABLE', { place: this.what.name, cause });
  }

  async #stop(): Promise<void> {
    this.#closing.abort();
    this.#closed.reject(this.#told(undefined));
    try {
      await this.#partition.disconnect();
    } catch (error) {
      const fields = { reader: this.what.name, reason: String(error) };
      this.logger.debug(fields, 'disconnect failed');
    } finally {
      this.onClosed();
    }
  }
}

const isOutOfRange = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'OFFSET_OUT_OF_RANGE';
