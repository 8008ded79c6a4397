import { keyVault } from '@samspill/contracts';
import { memoryEventLog, type MemoryEventLog } from '@samspill/event-log';
import { newPseudonym, type EventId, type Pseudonym } from '@samspill/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheEviction, type OwnCache } from './patient-caches.ts';
import type { Running } from './materialiser-strategy.ts';

const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;

let log: MemoryEventLog;
beforeEach(() => {
  log = memoryEventLog({ topics: { [keyVault.topic]: 3 } });
});

/** An instance, and whose keys and content it was told to forget. */
const instance = async (): Promise<{
  forgotten: Pseudonym[];
  contentOf: Pseudonym[];
  running: Running;
}> => {
  const forgotten: Pseudonym[] = [];
  const evict = (_: string, patient: Pseudonym): void => void forgotten.push(patient);
  const contentOf: Pseudonym[] = [];
  const own: OwnCache = {
    name: 'recent',
    holds: () => false,
    forgetContent: (patient) => void contentOf.push(patient),
  };
  const caches = { keys: { caches: [], evict }, products: ['measurements'], own: [own] };
  const running = await cacheEviction(log, 'ward', caches).start();
  return { forgotten, contentOf, running };
};
const state = (type: string, key = newPseudonym()): Pseudonym => {
  const id = crypto.randomUUID() as EventId;
  log.append({ topic: keyVault.topic, key, id, type, source: 'vault', value: Buffer.alloc(1) });
  return key;
};

describe('the caches of a process', () => {
  it('forget who was closed or shredded, in every instance, and not who was opened', async () => {
    const instances = [await instance(), await instance()];
    const closed = state(GrantClosed.fullName);
    state(GrantOpened.fullName);
    const shredded = state(KeyShredded.fullName);
    const later = state('samspill.key_vault.SomethingOfALaterVersion');
    for (const { forgotten, contentOf, running } of instances) {
      await expect.poll(() => new Set(forgotten)).toEqual(new Set([closed, shredded, later]));
      expect(new Set(contentOf)).toEqual(new Set(forgotten));
      expect(running.isAlive()).toBe(true);
      await running.close();
    }
  });

  it('begin at the end of the log, since they were empty then', async () => {
    state(KeyShredded.fullName);
    const { forgotten, running } = await instance();
    const later = state(GrantClosed.fullName);
    await expect.poll(() => forgotten).toEqual([later]);
    await running.close();
  });
});
