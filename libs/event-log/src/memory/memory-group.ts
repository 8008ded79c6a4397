import type { PartitionOfTopic, Subscription } from '../event-log.ts';

export interface GroupMember {
  readonly subscription: Subscription;
  /** Ends the member's generation; resolves when its running batches are over. */
  revoke(): Promise<void>;
  /** Begins a generation with these partitions. */
  assign(partitions: readonly PartitionOfTopic[]): void;
}

/**
 * A consumer group in memory. As with Kafka's classic protocol every join and leave stops all members and deals all
 * partitions anew; unlike there it waits for running batches for ever, since memory knows no session to expire.
 */
export class MemoryGroup {
  #members: readonly GroupMember[] = [];
  #rebalanced = Promise.resolve();

  constructor(private readonly partitionCount: (topic: string) => number) {}

  /** Resolves once the partitions are dealt. */
  join(member: GroupMember): Promise<void> {
    this.#members = [...this.#members, member];
    return this.#rebalance();
  }

  leave(member: GroupMember): Promise<void> {
    this.#members = this.#members.filter((other) => other !== member);
    return this.#rebalance();
  }

  #rebalance(): Promise<void> {
    const stopped = Promise.all(this.#members.map((member) => member.revoke()));
    this.#rebalanced = this.#rebalanced.then(async () => {
      await stopped;
      // Again, since a rebalance that began earlier has dealt in the meantime.
      await Promise.all(this.#members.map((member) => member.revoke()));
      const dealt = this.#deal();
      for (const member of this.#members) member.assign(dealt.get(member) ?? []);
    });
    return this.#rebalanced;
  }

  #deal(): Map<GroupMember, PartitionOfTopic[]> {
    const dealt = new Map<GroupMember, PartitionOfTopic[]>();
    const topics = new Set(this.#members.flatMap(({ subscription }) => subscription.topics));
    for (const topic of topics) {
      const readers = this.#members.filter(({ subscription }) =>
        subscription.topics.includes(topic),
      );
      for (let partition = 0; partition < this.partitionCount(topic); partition += 1) {
        const reader = readers[partition % readers.length];
        if (reader !== undefined) {
          dealt.set(reader, [...(dealt.get(reader) ?? []), { topic, partition }]);
        }
      }
    }
    return dealt;
  }
}
