import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startMesh } from './mesh.ts';

it('in production mode nothing is started or made', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'samspill-mesh-'));
  vi.stubEnv('SAMSPILL_MODE', 'production');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(dataDir, { recursive: true });
  });
  await expect(startMesh({ dataDir, ports: 'free' })).rejects.toMatchObject({
    code: 'PRODUCTION_MODE_REFUSED',
  });
  expect(readdirSync(dataDir)).toEqual([]);
});
