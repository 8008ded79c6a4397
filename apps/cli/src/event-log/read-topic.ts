import type { EventLog, LoggedRecord, PartitionReader } from '@samspill/event-log';
import { isRetriable, pause } from '@samspill/kernel';

export interface TopicReading {
  readonly topic: string;
  /** Offset to read from, by partition; partitions that are not named are not read. */
  readonly from: ReadonlyMap<number, number>;
  /** Ends where the topic ended when the reading began; else it waits for more until the signal comes. */
  readonly untilEnd: boolean;
  readonly signal: AbortSignal;
  /** Takes records of one partition, in their order; one call at a time. */
  readonly take: (records: readonly LoggedRecord[]) => Promise<'more' | 'enough'>;
  /** Whoever waits for more waits also for a log that is away, and for what `take` needs, and may say so. */
  readonly onAway?: () => void;
}

const askAgainMs = 1_000;

/**
 * Reads partitions of a topic beside all consumers: no position of anybody is moved, and nothing is left behind. Rejects as
 * the log and `take` do, with what may pass by itself only where it does not wait.
 */
export async function readTopic(
  log: Pick<EventLog, 'ranges' | 'reader'>,
  { topic, from, untilEnd, signal: given, take, onAway }: TopicReading,
): Promise<void> {
  const ranges = await log.ranges(topic);
  const enough = new AbortController();
  const signal = AbortSignal.any([given, enough.signal]);
  let turn = Promise.resolve();
  const inTurn = (records: readonly LoggedRecord[]): Promise<void> => {
    const mine = turn.then(async () => {
      if (!signal.aborted && (await take(records)) === 'enough') enough.abort();
    });
    // What one could not take is its own failure, and not that of those behind it.
    turn = mine.catch(() => undefined);
    return mine;
  };
  const readPartition = async (partition: number, first: number, end: number): Promise<void> => {
    const last = untilEnd ? end : Infinity;
    let next = first;
    while (next < last && !signal.aborted) {
      try {
        const what = { topic, partition, from: next, name: 'samspill' };
        await withReader(log, what, signal, async (reader) => {
          while (next < last && !signal.aborted) {
            const { records, nextOffset } = await reader.read();
            const wanted = records.filter(({ offset }) => offset < last);
            if (wanted.length > 0) await inTurn(wanted);
            next = nextOffset;
          }
        });
      } catch (error) {
        // Closed by the signal: whoever reads is told that it is closed.
        if (isAborted(signal) && isRetriable(error)) return;
        if (untilEnd || !isRetriable(error)) throw error;
        onAway?.();
        await pause(askAgainMs, signal);
      }
    }
  };
  try {
    await Promise.all(
      ranges.flatMap(({ partition, end }) => {
        const first = from.get(partition);
        return first === undefined ? [] : [readPartition(partition, first, end)];
      }),
    );
  } finally {
    // The others end with the one that failed.
    enough.abort();
  }
}

/** Asked anew: it may have been aborted since it was asked last. */
const isAborted = ({ aborted }: AbortSignal): boolean => aborted;

/** Works with a reader that the signal closes. */
async function withReader(
  log: Pick<EventLog, 'reader'>,
  what: Parameters<EventLog['reader']>[0],
  signal: AbortSignal,
  work: (reader: PartitionReader) => Promise<void>,
): Promise<void> {
  const reader = await log.reader(what);
  const close = (): void => void reader.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    if (!signal.aborted) await work(reader);
  } finally {
    signal.removeEventListener('abort', close);
    await reader.close();
  }
}
