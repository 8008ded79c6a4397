import { randomUUID } from 'node:crypto';
import type { EventLog, RunningSubscription, Subscription } from './event-log.ts';

export interface FollowedTopic extends Pick<Subscription, 'handle'> {
  readonly topic: string;
  /** Whose reading it is: the first part of the name of the group. */
  readonly name: string;
  /** Offset to read from, a partition each; where the topic ends at the call unless given. */
  readonly places?: ReadonlyMap<number, number>;
}

/**
 * Reads all partitions of a topic in this process, whoever else reads them: its group is its own. Where it stands is known
 * to the process alone. Rejects as `ranges` and `subscribe` do.
 */
export async function followTopic(
  eventLog: Pick<EventLog, 'ranges' | 'subscribe'>,
  { topic, name, places, handle }: FollowedTopic,
): Promise<RunningSubscription> {
  const next = new Map(places ?? (await endsOf(eventLog, topic)));
  return eventLog.subscribe({
    topics: [topic],
    group: `${name}.${randomUUID()}`,
    isOwnGroup: true,
    claim: (partitions) =>
      Promise.resolve(partitions.map(({ partition }) => next.get(partition) ?? 0)),
    handle: async (batch) => {
      const outcome = await handle(batch);
      if (outcome === 'done') next.set(batch.partition, batch.nextOffset);
      return outcome;
    },
  });
}

async function endsOf(
  eventLog: Pick<EventLog, 'ranges'>,
  topic: string,
): Promise<(readonly [number, number])[]> {
  return (await eventLog.ranges(topic)).map(({ partition, end }) => [partition, end]);
}
