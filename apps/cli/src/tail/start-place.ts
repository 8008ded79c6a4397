import type { DataProduct } from '@samspill/contracts';
import type { EventLog } from '@samspill/event-log';
import { parsePosition, type Position } from '@samspill/kernel';
import { InvalidArgumentError } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { momentOrAgo } from '../option-values.ts';

/** Where reading begins. */
export type StartPlace =
  'beginning' | 'end' | { readonly position: Position } | { readonly at: Date };

/** Reads `--from`. */
export function startPlace(text: string): StartPlace {
  if (text === 'beginning' || text === 'end') return text;
  const position = parsePosition(text);
  if (position !== undefined) return { position };
  try {
    return { at: momentOrAgo(text) };
  } catch {
    throw new InvalidArgumentError(
      'It is beginning, end, a position topic:partition:offset, a time with its zone, or 15m, 2h, 3d ago.',
    );
  }
}

/** The offset to read from, by partition: of the one partition of a position, or of all. */
export async function offsetsFrom(
  log: Pick<EventLog, 'ranges' | 'offsetsAt'>,
  { topic, partitions, name }: DataProduct,
  from: StartPlace,
): Promise<ReadonlyMap<number, number>> {
  if (typeof from === 'object' && 'at' in from) return log.offsetsAt(topic, from.at.getTime());
  const ranges = await log.ranges(topic);
  if (from === 'beginning')
    return new Map(ranges.map(({ partition, start }) => [partition, start]));
  if (from === 'end') return new Map(ranges.map(({ partition, end }) => [partition, end]));
  const { position } = from;
  const range = ranges.find(({ partition }) => partition === position.partition);
  if (position.topic === topic && range !== undefined && position.offset <= range.end) {
    return new Map([[position.partition, Math.max(position.offset, range.start)]]);
  }
  throw new CommandFailure(exitCodes.usage, {
    place: '--from',
    rule: `the position lies on ${topic}, the topic of ${name}, which has ${partitions} partitions`,
    mend:
      range === undefined || position.topic !== topic
        ? 'give a position of that topic'
        : `give an offset from ${range.start} to ${range.end}`,
  });
}
