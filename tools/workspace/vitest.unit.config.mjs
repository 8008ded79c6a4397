import { mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.mjs';

export default mergeConfig(shared('unit'), {
  test: {
    include: ['src/**/*.spec.ts'],
    exclude: ['src/**/*.e2e.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
