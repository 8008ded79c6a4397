import { measurementProjection } from '@samspill/observations';
import {
  createPool,
  discardVersion,
  rebuildStatus,
  rollBack,
  startRebuild,
  switchVersion,
} from '@samspill/read-model';
import type { Pool } from 'pg';
import { untilDone } from '../until-done.ts';
import type { Fault } from './fault.ts';

const schema = 'emergency_ward';
const target = { schema, projection: measurementProjection };

/**
 * Other faults may keep it from working, one after the other while both versions have to stand at one position; and while patients are shredded and closed, the key vault may already refuse to
 * the new version what the live one opened a moment before.
 */
const patience = { withinMs: 180_000, retryMs: 1_000 };

async function withPool<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool(url, { schema, applicationName: 'faults' });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Ends with one version followed. */
async function clearAway(pool: Pool): Promise<void> {
  const versions = await rebuildStatus(pool, { schema, projection: measurementProjection.name });
  for (const { version, state } of versions) {
    if (state !== 'live') await discardVersion(pool, { ...target, version });
  }
}

/** An operator builds the ward's read model anew, leads readers to it, and at times back, while all else goes on. */
export const rebuildWard: Fault = {
  name: 'rebuild-ward',
  areas: ['rebuild'],
  lastsMs: [3_000, 15_000],
  inject: async ({ mesh, random }) => {
    const url = mesh.databaseUrls['emergency-ward'];
    const goesBack = random.chance(0.5);
    const version = await withPool(url, (pool) => startRebuild(pool, target));
    return {
      detail: `version ${version} of the ward's read model${goesBack ? ', and back' : ''}`,
      heal: () =>
        withPool(url, async (pool) => {
          // Versions that differ are both left, for the checks to say which one is wrong.
          await untilDone(() => switchVersion(pool, target), patience);
          if (goesBack) await untilDone(() => rollBack(pool, target), patience);
          await untilDone(() => clearAway(pool), patience);
        }),
    };
  },
};
