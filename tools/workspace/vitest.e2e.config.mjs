import { mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.mjs';

// One file at a time: each starts servers of its own, and two at once would share two cores.
export default mergeConfig(shared('e2e'), {
  test: {
    include: ['src/**/*.e2e.spec.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 180_000,
  },
});
