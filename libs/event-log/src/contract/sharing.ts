import { expect, it } from 'vitest';
import type { ContractLog } from './contract-log.ts';
import { Reader, eventually, type Outcome } from './reader.ts';
import { keyOn, sampleEvent } from './sample-event.ts';

/** What holds when members of one group come and go. */
export function sharingContract(contract: () => ContractLog): void {
  it('shares the partitions among the members, so that each record is applied once', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(4);
    const reader = new Reader(log, [topic]);
    const partitionsOf = [new Set<number>(), new Set<number>()];
    const member = (index: number) =>
      reader.start(({ partition }) => {
        partitionsOf[index]?.add(partition);
        return 'done';
      });
    await Promise.all([member(0), member(1)]);
    const publisher = log.publisher();
    let published = 0;
    // Until both hold their share; before the second has joined, the first may have read all there was.
    await eventually(async () => {
      await publisher.publish([0, 1, 2, 3].map((n) => sampleEvent(topic, { key: keyOn(n, 4) })));
      published += 4;
      expect(partitionsOf.map(({ size }) => size > 0)).toEqual([true, true]);
    });
    await reader.hasApplied(published);
    expect(new Set(reader.applied.map(({ id }) => id)).size).toBe(published);
  });

  it('gives the partitions of a member that leaves to the others', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(2);
    const reader = new Reader(log, [topic]);
    await reader.start();
    const leaving = await reader.start();
    const publisher = log.publisher();
    const one = () =>
      publisher.publish([0, 1].map((n) => sampleEvent(topic, { key: keyOn(n, 2) })));
    await one();
    await reader.hasApplied(2);

    await leaving.close();
    await one();

    await reader.hasApplied(4);
  });

  it('tells the handler by heartbeat that the group changes, and the batch is delivered again', async () => {
    const { log, createTopic } = contract();
    const topic = await createTopic(1);
    await log.publisher().publish([sampleEvent(topic)]);
    const reader = new Reader(log, [topic]);
    const outcomes: string[] = [];
    const begun = Promise.withResolvers<undefined>();
    const running = await reader.start(async (batch): Promise<Outcome> => {
      if (outcomes.length > 0) return 'done';
      begun.resolve(undefined);
      let lost: unknown;
      await eventually(async () => {
        lost = await batch.heartbeat().catch((error: unknown) => error);
        expect(lost).toBeInstanceOf(Error);
      });
      outcomes.push('told');
      throw lost;
    });
    await begun.promise;
    await reader.start(() => 'done');
    await reader.hasApplied(1);
    expect(outcomes).toEqual(['told']);
    expect(running.isAlive()).toBe(true);
  });
}
