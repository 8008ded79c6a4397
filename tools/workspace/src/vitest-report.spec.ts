import { describe, expect, it } from 'vitest';
import { isGood, report } from './tally.ts';
import { tallyOfReport } from './vitest-report.ts';

const reportOf = (
  success: boolean,
  files: { status: string; tests: Record<string, string> }[],
): string =>
  JSON.stringify({
    success,
    testResults: files.map(({ status, tests }) => ({
      name: 'src/a.spec.ts',
      status,
      assertionResults: Object.entries(tests).map(([fullName, of]) => ({ fullName, status: of })),
    })),
  });

describe('the tally of a vitest report', () => {
  it('counts passed, failed and skipped tests and names the failed', () => {
    const text = reportOf(false, [
      { status: 'passed', tests: { 'adds numbers': 'passed' } },
      { status: 'failed', tests: { divides: 'failed', waits: 'skipped', rounds: 'passed' } },
    ]);
    expect(tallyOfReport('sums', text)).toEqual({
      passed: 2,
      skipped: 1,
      failed: ['sums: divides'],
    });
  });

  it('counts a file that could not be loaded as one failed', () => {
    const text = reportOf(false, [{ status: 'failed', tests: {} }]);
    expect(tallyOfReport('sums', text).failed).toEqual(['sums: src/a.spec.ts as a whole']);
  });

  it('counts an error outside of tests as one failed', () => {
    const text = reportOf(false, [{ status: 'passed', tests: { adds: 'passed' } }]);
    expect(tallyOfReport('sums', text).failed).toEqual(['sums: an error outside of tests']);
  });

  it.each([undefined, '', '{"success":true', '{}'])(
    'counts a project that ended without a whole report (%s) as one failed',
    (text) => expect(tallyOfReport('sums', text).failed).toHaveLength(1),
  );
});

describe('the report of a run', () => {
  it('ends with one line of the numbers passed and failed', () => {
    const lines = report({ passed: 7, skipped: 2, failed: ['sums: divides'] }).split('\n');
    expect(lines.at(-1)).toBe('7 passed, 1 failed');
    expect(lines).toContain('  sums: divides');
  });

  it('is not good when nothing was checked', () => {
    expect(isGood({ passed: 0, skipped: 3, failed: [] })).toBe(false);
  });

  it('is not good when anything failed', () => {
    expect(isGood({ passed: 9, skipped: 0, failed: ['sums: divides'] })).toBe(false);
  });
});
