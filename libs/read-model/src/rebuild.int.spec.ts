import { newPseudonym } from '@samspill/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRebuild, type RebuildTarget } from './rebuild.ts';
import { rebuildStatus, type VersionStatus } from './rebuild-status.ts';
import { readings } from './sample/projections.ts';
import {
  caughtUp,
  eventually,
  openWard,
  startServers,
  type Servers,
  type Ward,
} from './sample/ward.ts';
import { switchVersion } from './switch-version.ts';

let servers: Servers;
let ward: Ward;
let target: RebuildTarget;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
beforeEach(async () => {
  ward = await openWard(servers);
  target = { schema: ward.schema, projection: readings };
});
afterEach(() => ward.close());

const patients = Array.from({ length: 6 }, newPseudonym);
const [anna] = patients as [(typeof patients)[0]];

const record = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    await ward.record(patients[n % patients.length] ?? anna, { value: String(n) });
  }
};
const versions = (): Promise<VersionStatus[]> => rebuildStatus(ward.pool, { schema: ward.schema });
/** Waits until the version has passed what the live one has passed. */
const built = (version: number) =>
  eventually(async () => {
    const one = (await versions()).find((status) => status.version === version);
    return one !== undefined && one.recordsDone >= one.recordsAll;
  }).toBe(true);
const shown = async (): Promise<string> =>
  (await ward.pool.query<{ definition: string }>(`SELECT pg_get_viewdef('reading') AS definition`))
    .rows[0]?.definition ?? '';

describe('a rebuild', () => {
  it('builds the next version beside the live one while events stream, and readers are led to it', async () => {
    await record(200);
    const running = await ward.start();
    await caughtUp(running);
    const before = await ward.readings();

    const version = await startRebuild(ward.pool, target);
    await record(100);
    await built(version);
    await record(20);
    const switched = await switchVersion(ward.pool, target);
    await record(30);
    await caughtUp(running);

    expect(version).toBe(2);
    expect(switched).toMatchObject({ from: 1, to: 2 });
    expect(switched.compared).toMatchObject([{ table: 'reading', differingBuckets: [] }]);
    expect(await shown()).toContain('reading_v2');
    const after = await ward.readings();
    expect(after).toHaveLength(350);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await versions()).toMatchObject([
      { version: 1, state: 'former' },
      { version: 2, state: 'live', step: '' },
    ]);
  });
});
