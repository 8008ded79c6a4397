import { existsSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.mjs';

// What a project's end-to-end tests share is started once, before the first file.
const setup = 'src/mesh.setup.ts';

// One file at a time: two that stop and start servers would disturb each other.
export default mergeConfig(shared('e2e'), {
  test: {
    include: ['src/**/*.e2e.spec.ts'],
    globalSetup: existsSync(setup) ? [setup] : [],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 180_000,
  },
});
