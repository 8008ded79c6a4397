import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const top = join(import.meta.dirname, '../../../..');
const program = join(import.meta.dirname, 'loaded-sdk.program.ts');

async function loadedWith(env: Record<string, string>): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    cwd: top,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(top, 'tsconfig.base.json'), ...env },
  });
  return JSON.parse(stdout) as string[];
}

it('without an endpoint nothing of the SDK is loaded', async () => {
  expect(await loadedWith({})).toEqual([]);
});

it('with an endpoint it is', async () => {
  const loaded = await loadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  expect(loaded).toContain('@opentelemetry/sdk-trace');
});
