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
  it('tells a program what it posted and what became of it', async () => {
    const intake = await startIntake((fullUrls) => fullUrls.map((_, at) => (at ? '200' : '201')));
    const args = ['simulate', '--patients', '1', '--days', '2', '--json', '--url', intake.url];
    const { exitCode, out } = await runSamspill(args);
    await intake.close();
    const { bundles, measurements, ...rest } = JSON.parse(out) as Record<string, number>;
    expect(exitCode).toBe(0);
    expect(rest).toMatchObject({ accepted: bundles, refused: 0, unclear: 0 });
    expect((rest['accepted'] ?? 0) + (rest['held'] ?? 0)).toBe(measurements);
  });

  it('ends with 3 when the service does not answer', async () => {
    const { exitCode, err } = await runSamspill(['simulate', '--patients', '1', '--days', '2'], {
      env: { MEASUREMENTS_URL: 'http://127.0.0.1:9' },
    });
    expect(exitCode).toBe(3);
    expect(err).toMatch(
      /http:\/\/127\.0\.0\.1:9: expected that the measurements service answers\. To mend/,
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
