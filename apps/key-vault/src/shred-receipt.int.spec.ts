import { measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealingKeyStore } from './data-keys.ts';
import { aesKeyWrapper } from './key-wrapper.ts';
import { markPublished, shredRows } from './outbox.ts';
import { shredReceipt } from './receipts.ts';
import { openPool, startServers, type Servers } from './sample/servers.ts';
import { shred } from './shredding.ts';

const product = measurements.name;

let servers: Servers;
let pool: Pool;
beforeAll(async () => {
  servers = await startServers();
  pool = await openPool(servers.env);
});
afterAll(async () => {
  await pool.end();
  await servers.stop();
});

describe('the receipt of a shred', () => {
  it('comes without a position while the log is away, and with it once the relay was there', async () => {
    const patient = newPseudonym();
    await sealingKeyStore(pool, aesKeyWrapper(Buffer.alloc(32, 1))).sealingKeys(product, [patient]);
    expect(await shred(pool, { product, patients: [patient], cause: 'on order' })).toBe(1);
    const early = await shredReceipt(pool, product, [patient], 0);
    expect(early.shredded).toEqual([
      { patient, keyVersion: 1, shreddedAt: expect.stringMatching(/Z$/) as string },
    ]);

    const waiting = shredReceipt(pool, product, [patient], 60_000);
    const rows = await shredRows(pool, product, [patient]);
    await markPublished(pool, rows, [
      { topic: 'key-vault.patient-state.v1', partition: 2, offset: 9 },
    ]);
    expect((await waiting).shredded).toMatchObject([
      { position: 'key-vault.patient-state.v1:2:9' },
    ]);
  });
});
