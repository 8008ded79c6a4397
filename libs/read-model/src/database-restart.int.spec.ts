import { newPseudonym } from '@samspill/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caughtUp, eventually, openWard, startServers, type Servers } from './sample/ward.ts';

let servers: Servers;
beforeAll(async () => {
  // Its own, since others would not like to lose theirs.
  servers = await startServers({ own: true });
});
afterAll(() => servers.stop());

it('a database that is killed and started again in the midst of work loses and doubles nothing', async () => {
  const ward = await openWard(servers);
  const patients = Array.from({ length: 10 }, newPseudonym);
  const running = await ward.start();
  let restarted: Promise<void> | undefined;
  for (let n = 0; n < 4_000; n += 1) {
    await ward.record(patients[n % 10] ?? newPseudonym(), { value: String(n) });
    if (n === 1_000) {
      await eventually(() => ward.outcomes.get('applied') ?? 0).toBeGreaterThan(0);
      servers.stack.kill('postgres', 'SIGKILL');
    }
    if (n === 1_100) {
      await eventually(() => ward.outcomes.get('held') ?? 0).toBeGreaterThan(0);
      restarted = servers.stack.restart('postgres');
    }
  }
  await restarted;
  await caughtUp(running);
  const rows = await ward.readings();
  expect(rows.map(({ value }) => Number(value)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 4_000 }, (_, n) => n),
  );
  expect(running.isAlive()).toBe(true);
  await ward.close();
});
