import { keyVault } from '@samspill/contracts';
import { memoryEventLog, type MemoryEventLog } from '@samspill/event-log';
import { newPseudonym, type EventId, type Pseudonym } from '@samspill/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheEviction } from './patient-caches.ts';
import type { Running } from './materialiser-strategy.ts';

const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;

let log: MemoryEventLog;
beforeEach(() => {
  log = memoryEventLog({ topics: { [keyVault.topic]: 3 } });
});

/** An instance, and whom it was told to forget. */
const instance = async (): Promise<{ forgotten: Pseudonym[]; running: Running }> => {
  const forgotten: Pseudonym[] = [];
  const evict = (_: string, patient: Pseudonym): void => void forgotten.push(patient);
  const caches = { keys: { caches: [], evict }, products: ['measurements'] };
  const running = await cacheEviction(log, 'ward', caches).start();
  return { forgotten, running };
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
    for (const { forgotten, running } of instances) {
      await expect.poll(() => new Set(forgotten)).toEqual(new Set([closed, shredded, later]));
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
