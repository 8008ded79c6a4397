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
    ({ name, labels: { state: of, consumer = 'emergency-ward' } }) =>
      name === named && of === state && consumer === 'emergency-ward',
  )?.value;

const grantsOfWard = async (): Promise<{ open: number; closed: number }> =>
  (await countGrants(vault.pool)).find(
    (one) => one.consumer === 'emergency-ward' && one.product === product,
  ) ?? { open: 0, closed: 0 };

describe('the metrics of either instance', () => {
  it('tell how many grants of a consumer are open and closed', async () => {
    // A vault that starts takes over what stands in the log, which others may share.
    const before = await grantsOfWard();
    const [patient, neighbour] = [await vault.patientWithKey(), await vault.patientWithKey()];
    await Promise.all([patient, neighbour].map((one) => vault.outcomes(one, 1)));
    const states = async () => [
      await told(0, 'key_vault_grants', 'open'),
      await told(1, 'key_vault_grants', 'closed'),
    ];
    await until(
      'open',
      25_000,
      states,
      ([open, closed]) => open === before.open + 2 && closed === before.closed,
    );
    await vault.order('close', { pseudonym: patient });
    await until(
      'one is closed',
      25_000,
      states,
      ([open, closed]) => open === before.open + 1 && closed === before.closed + 1,
    );
    expect(await grantsOfWard()).toMatchObject({
      open: before.open + 1,
      closed: before.closed + 1,
    });
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
