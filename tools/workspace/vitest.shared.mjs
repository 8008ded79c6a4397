// What both suites share: path aliases, and one result file a project that the test runner adds up.
import { basename } from 'node:path';

const results = process.env.SAMSPILL_TEST_RESULTS;

// Nx forces colours on what it runs. What is compared in a test is text, wherever the test runs.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';

export const shared = (suite) => ({
  resolve: { tsconfigPaths: true },
  test: {
    reporters: results
      ? ['default', ['json', { outputFile: `${results}/${basename(process.cwd())}.${suite}.json` }]]
      : ['default'],
  },
});
