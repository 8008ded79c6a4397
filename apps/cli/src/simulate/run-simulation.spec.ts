import { homeBundles, syntheticPatients } from '@samspill/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { fullUrlsIn, startIntake, type Intake } from '../support/intake.ts';
import { runSimulation } from './run-simulation.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function intakeThat(answers: Intake) {
  const intake = await startIntake(answers);
  closing.push(intake.close);
  return intake;
}

const seed = 3;
const patients = syntheticPatients({ count: 3, seed });
const until = new Date('2026-03-08T23:00:00+01:00');
const bundles = [...homeBundles({ patients, days: 2, seed, until })];
const measurements = bundles.reduce((sum, bundle) => sum + bundle.measurements, 0);

const simulate = (url: string, changes: { triesMax?: number; signal?: AbortSignal } = {}) =>
  runSimulation({
    url,
    clientId: 'home-hub',
    bundles,
    concurrency: 2,
    ratePerSecond: undefined,
    triesMax: 4,
    signal: new AbortController().signal,
    onBundle: () => undefined,
    ...changes,
  });

describe('a simulation', () => {
  it('posts each bundle once and counts new, held and refused', async () => {
    const { url, posts } = await intakeThat((urls) =>
      urls.map((fullUrl) => {
        if (fullUrl.includes('heart-rate')) return '200';
        return fullUrl.includes('blood-pressure') ? '422 Unprocessable' : '201 Created';
      }),
    );
    const tally = await simulate(url);
    const urls = bundles.flatMap(({ body }) => fullUrlsIn(body));
    const of = (kind: string): number => urls.filter((one) => one.includes(kind)).length;
    expect(posts.flat().sort()).toEqual(urls.sort());
    expect(tally).toEqual({
      accepted: measurements - of('heart-rate') - of('blood-pressure'),
      held: of('heart-rate'),
      refused: of('blood-pressure'),
      unclear: 0,
    });
  });

  it('sends a bundle again that was answered 503 or 429, as a whole or in an entry', async () => {
    const tried = new Map<string, number>();
    const { url, posts } = await intakeThat((urls) => {
      const tries = (tried.get(urls[0] ?? '') ?? 0) + 1;
      tried.set(urls[0] ?? '', tries);
      if (tries === 1) return 503;
      if (tries === 2) return 429;
      // The others of a bundle are held by now, but what counts is that they were accepted.
      return urls.map((_, at) =>
        tries === 3 ? (at === 0 ? '503' : '201') : at === 0 ? '201' : '200',
      );
    });
    const tally = await simulate(url);
    expect(posts).toHaveLength(bundles.length * 4);
    expect(tally).toEqual({ accepted: measurements, held: 0, refused: 0, unclear: 0 });
  });

  it('gives a bundle up after its tries, and says that its outcome is unclear', async () => {
    const { url, posts } = await intakeThat(() => 503);
    const tally = await simulate(url, { triesMax: 2 });
    expect(posts).toHaveLength(bundles.length * 2);
    expect(tally).toEqual({ accepted: 0, held: 0, refused: 0, unclear: measurements });
  });

  it('starts nothing after the signal, and counts what was on its way', async () => {
    const ending = new AbortController();
    const { url, posts } = await intakeThat((urls, post) => {
      if (post === 2) ending.abort();
      return urls.map(() => '201');
    });
    const tally = await simulate(url, { signal: ending.signal });
    expect(posts.length).toBeLessThan(bundles.length);
    expect(tally.accepted).toBe(posts.flat().length);
  });
});
