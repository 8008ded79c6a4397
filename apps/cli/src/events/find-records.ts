import { dataProducts } from '@samspill/contracts';
import type { EventLog, LoggedRecord } from '@samspill/event-log';
import { formatPosition, type Position } from '@samspill/kernel';
import { CommandFailure } from '../command-failure.ts';
import { readTopic } from '../event-log/read-topic.ts';
import { exitCodes } from '../exit-codes.ts';

export interface RecordsFound {
  /** In the order of the log on each partition. */
  readonly records: readonly LoggedRecord[];
  /** Records that were looked at. */
  readonly looked: number;
}

/** The record at a position. Fails where the log holds none there; rejects as the log does. */
export async function recordAt(
  log: Pick<EventLog, 'ranges' | 'reader'>,
  position: Position,
): Promise<LoggedRecord> {
  const { topic, partition, offset } = position;
  const topics = dataProducts.map((product) => product.topic);
  const ranges = topics.includes(topic) ? await log.ranges(topic) : [];
  const range = ranges.find((one) => one.partition === partition);
  if (range === undefined) {
    throw noRecord(position, `name a partition of ${topics.join(' or ')}`);
  }
  if (offset < range.start || offset >= range.end) {
    throw noRecord(position, `name an offset from ${range.start} to ${range.end - 1}`);
  }
  const reader = await log.reader({ topic, partition, from: offset, name: 'samspill' });
  try {
    const found = (await reader.read()).records.find((one) => one.offset === offset);
    if (found === undefined) throw noRecord(position, 'name another offset');
    return found;
  } finally {
    await reader.close();
  }
}

const noRecord = (position: Position, mend: string): CommandFailure =>
  new CommandFailure(exitCodes.refused, {
    place: formatPosition(position),
    rule: 'the log holds a record there',
    mend,
  });

/** How far the log is read on for further writings of an event. */
const writingsWithin = 10_000;

/**
 * The writings of an event from this position on: all of them lie on one partition. Rejects as the log does; fails where
 * the signal ends it before.
 */
export async function writingsFrom(
  log: Pick<EventLog, 'ranges' | 'reader'>,
  { topic, partition, offset }: Position,
  eventId: string,
  signal: AbortSignal,
): Promise<RecordsFound> {
  const records: LoggedRecord[] = [];
  let looked = 0;
  await readTopic(log, {
    ...{ topic, from: new Map([[partition, offset]]), untilEnd: true, signal },
    take: (some) => {
      looked += some.length;
      records.push(...some.filter(({ id }) => id === eventId));
      return Promise.resolve(looked >= writingsWithin ? 'enough' : 'more');
    },
  });
  failWhereEnded(signal, String(looked), 'let it come to its end');
  return { records, looked };
}

export interface LogScan {
  readonly topics: readonly string[];
  /** Records older than this are not looked at; undefined: none is too old. */
  readonly since: Date | undefined;
  /** Of these records, those that are looked for. */
  readonly pick: (records: readonly LoggedRecord[]) => Promise<readonly LoggedRecord[]>;
  readonly signal: AbortSignal;
  readonly onProgress: (looked: number, total: number) => void;
}

/** Looks through the log, up to where it ends now. Rejects as the log does; fails where the signal ends it before. */
export async function scanLog(
  log: Pick<EventLog, 'ranges' | 'offsetsAt' | 'reader'>,
  { topics, since, pick, signal, onProgress }: LogScan,
): Promise<RecordsFound> {
  const places = await Promise.all(
    topics.map(async (topic) => {
      const at = since && (await log.offsetsAt(topic, since.getTime()));
      const ranges = (await log.ranges(topic)).map(({ partition, start, end }) => ({
        ...{ partition, end },
        first: at?.get(partition) ?? start,
      }));
      return {
        topic,
        from: new Map(ranges.map(({ partition, first }) => [partition, first])),
        count: ranges.reduce((sum, { first, end }) => sum + end - first, 0),
      };
    }),
  );
  const total = places.reduce((sum, { count }) => sum + count, 0);
  const records: LoggedRecord[] = [];
  let looked = 0;
  for (const { topic, from } of places) {
    await readTopic(log, {
      ...{ topic, from, untilEnd: true, signal },
      take: async (some) => {
        records.push(...(await pick(some)));
        looked += some.length;
        onProgress(looked, total);
        return 'more';
      },
    });
  }
  const mend = 'let it come to its end, or look less far back by --since';
  failWhereEnded(signal, `${looked} of ${total}`, mend);
  return { records, looked };
}

/** What was not looked at is not told as what the log does not hold. */
function failWhereEnded({ aborted }: AbortSignal, looked: string, mend: string): void {
  if (!aborted) return;
  throw new CommandFailure(exitCodes.refused, {
    place: `the log, of which ${looked} records were looked at`,
    rule: 'it is looked through to its end',
    mend,
  });
}
