import { describe, expect, it } from 'vitest';
import { startIntake } from '../support/intake.ts';
import { runSamspill } from '../support/run-samspill.ts';

const dryRun = (...args: string[]) =>
  runSamspill(['simulate', '--dry-run', '--until', '2026-03-08T23:00:00+01:00', ...args]);

describe('samspill simulate --dry-run', () => {
  it('says what it would post, the same for the same seed', async () => {
    const first = await dryRun('--patients', '4', '--days', '3', '--seed', '7');
    expect(first.exitCode).toBe(0);
    expect(first.out).toMatch(
      /^\d+ measurements in 24 bundles of 4 synthetic patients, 2026-03-06T.* to 2026-03-08T.*, seed 7, digest [0-9a-f]{16}\n$/,
    );
    expect((await dryRun('--patients', '4', '--days', '3', '--seed', '7')).out).toBe(first.out);
    expect((await dryRun('--patients', '4', '--days', '3', '--seed', '8')).out).not.toBe(first.out);
  });
});

describe('samspill simulate', () => {
  it('ends with 3 when the service does not answer', async () => {
    const { exitCode, err } = await runSamspill(['simulate', '--patients', '1', '--days', '2'], {
      env: { MEASUREMENTS_URL: 'http://127.0.0.1:9' },
    });
    expect(exitCode).toBe(3);
    expect(err).toMatch(
      /http:\/\/127\.0\.0\.1:9: the measurements service does not answer\. To mend/,
    );
  });

  it('ends cleanly on Ctrl-C, with a summary of what it did', async () => {
    let interrupt: () => void = () => undefined;
    const intake = await startIntake((fullUrls, post) => {
      if (post === 3) interrupt();
      return fullUrls.map(() => '201');
    });
    const { exitCode, out } = await runSamspill(
      ['simulate', '--patients', '20', '--days', '30', '--rate', '60', '--url', intake.url],
      { onStart: (signal) => (interrupt = () => signal('SIGINT')) },
    );
    await intake.close();
    expect(exitCode).toBe(0);
    const [, accepted] = /^(\d+) accepted, .*ended early/m.exec(out) ?? [];
    expect(Number(accepted)).toBe(intake.posts.flat().length);
  });
});
