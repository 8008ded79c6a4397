import { scrape, until } from '@samspill/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { product, startTwoInstances, type TwoInstances } from './sample/two-instances.ts';
import { countGrants, countWaiting } from './standing-facts.ts';

let vault: TwoInstances;
beforeAll(async () => {
  vault = await startTwoInstances();
});
afterAll(() => vault.stop());

/** What either instance tells of the ward's grants, or of the outbox. */
const told = async (instance: 0 | 1, named: string, state?: string) =>
  (await scrape(vault.urls[instance])).find(
    ({ name, labels }) => name === named && labels['state'] === state,
  )?.value;

describe('the metrics of either instance', () => {
  it('tell how many grants of a consumer are open and closed', async () => {
    const [patient, neighbour] = [await vault.patientWithKey(), await vault.patientWithKey()];
    await Promise.all([patient, neighbour].map((one) => vault.outcomes(one, 1)));
    const states = async () => [
      await told(0, 'key_vault_grants', 'open'),
      await told(1, 'key_vault_grants', 'closed'),
    ];
    await until('grants', 25_000, states, ([open, closed]) => open === 2 && closed === 0);
    await vault.order('close', { pseudonym: patient });
    await until('grants', 25_000, states, ([open, closed]) => open === 1 && closed === 1);
    expect(await countGrants(vault.pool)).toEqual([
      { consumer: 'emergency-ward', product, open: 1, closed: 1 },
    ]);
  });

  it('tell what waits for the log, and for how long', async () => {
    const waiting = async () => [
      await told(0, 'key_vault_outbox_waiting'),
      await told(1, 'key_vault_outbox_waiting_seconds'),
    ];
    await until(
      'nothing waits',
      25_000,
      waiting,
      ([facts, seconds]) => facts === 0 && seconds === 0,
    );

    const tx = await vault.pool.connect();
    await tx.query('BEGIN');
    await tx.query(`INSERT INTO outbox (patient, event, facts, occurred_at)
                    SELECT 'nobody', 'GrantOpened', '{}', now() - n * interval '1 minute'
                      FROM generate_series(1, 3) AS n`);
    const seen = await countWaiting(tx);
    await tx.query('ROLLBACK');
    tx.release();
    expect(seen.facts).toBe(3);
    expect(seen.seconds).toBeGreaterThanOrEqual(180);
  });
});
