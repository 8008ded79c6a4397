import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopRunningMesh } from '@samspill/testing';
import { format, resolveConfig } from 'prettier';
import { checkout } from '../mesh-addresses.ts';
import { samspill } from '../program.ts';
import { recordRuns } from './record-runs.ts';
import { pageOf, withoutNoise } from './page.ts';
import { recordings } from './recordings.ts';

const path = join(checkout, 'tools/docs/commands.md');
const folder = await mkdtemp(join(tmpdir(), 'samspill-record-'));
const dataDir = join(folder, 'mesh');
const end = new AbortController();
process.once('SIGINT', () => end.abort()).once('SIGTERM', () => end.abort());
try {
  const runs = await recordRuns(recordings, {
    ...{ folder, dataDir, checkout },
    signal: end.signal,
    onRun: ({ command, exitCode }) => console.log(`${exitCode}  ${command}`),
  });
  const former = await readFile(path, 'utf8').catch(() => '');
  const options = { ...(await resolveConfig(path)), filepath: path };
  const now = await format(pageOf(samspill(), runs), options);
  await writeFile(path, withoutNoise(now, former));
  console.log(`wrote ${path}`);
} finally {
  await stopRunningMesh(dataDir);
  await rm(folder, { recursive: true, force: true });
}
