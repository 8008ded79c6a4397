import { afterEach, describe, expect, it } from 'vitest';
import type { EntryAnswer } from '../intake/intake-answer.ts';
import { startIntake, type Intake } from '../support/intake.ts';
import { heartRate } from '../support/payloads.ts';
import { publishPayloads } from './publish-payloads.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const measured = (id: string): string =>
  JSON.stringify(heartRate({ identifier: [{ system: 'urn:oid:1.2.3', value: id }] }));
const bundle = (...fullUrls: readonly string[]): string =>
  JSON.stringify({ resourceType: 'Bundle', entry: fullUrls.map((fullUrl) => ({ fullUrl })) });

async function* payloadsOf(bodies: readonly string[]) {
  for (const [at, body] of bodies.entries()) {
    await Promise.resolve();
    yield { file: 'some', name: `some:${at}`, body: Buffer.from(body) };
  }
}

/** Publishes to an intake that answers so, until it is closed by `answers` where that does. */
async function publish(answers: Intake, bodies: readonly string[], triesMax = 10) {
  const intake = await startIntake(answers);
  closing.push(intake.close);
  const told: EntryAnswer[] = [];
  const end = await publishPayloads({
    url: intake.url,
    clientId: 'home-hub',
    sourceSystem: 'a test',
    triesMax,
    signal: new AbortController().signal,
    payloads: payloadsOf(bodies),
    concurrency: 1,
    onSent: (_, { answers: sent }) => void told.push(...sent),
  });
  return { end, told, posts: intake.posts };
}
const outcomesOf = (told: readonly EntryAnswer[]) => told.map(({ outcome }) => outcome);

describe('payloads that are published', () => {
  it('are sent again while that may help, and the first clear answer to an entry counts', async () => {
    const answers = [503, ['201', '503'], 429, ['200', '201']] as const;
    const { told, posts } = await publish(
      (_, post) => answers[post - 1] ?? 500,
      [bundle('a', 'b')],
    );
    expect(posts).toHaveLength(4);
    expect(outcomesOf(told)).toEqual(['recorded', 'recorded']);
  });

  it.each([
    ['refused', 422, 1],
    ['a fault of the intake', 500, 1],
    ['one that did not pass within the tries', 503, 2],
  ])('as %s are sent so often, and told of', async (_, status, sends) => {
    const { told, posts } = await publish(() => status, [measured('a')], 2);
    expect(posts).toHaveLength(sends);
    expect(told).toMatchObject([{ status, outcome: status === 422 ? 'refused' : 'unclear' }]);
  });

  it('with an answer that was cut short are sent again', async () => {
    const { told, posts } = await publish(
      (_, post) => (post === 1 ? 'cut' : ['201']),
      [bundle('a')],
    );
    expect(posts).toHaveLength(2);
    expect(outcomesOf(told)).toEqual(['recorded']);
  });

  it('are tried no further once the intake is away', async () => {
    const { end, told, posts } = await publish(
      (_, post) => {
        if (post === 2) void closing.at(-1)?.();
        return ['201'];
      },
      ['a', 'b', 'c'].map(measured),
      1,
    );
    expect(end).toBe('intake away');
    expect(posts).toHaveLength(2);
    expect(outcomesOf(told)).toEqual(['recorded', 'unclear']);
  });

  it('go out in the very bytes that were given', async () => {
    const exact = measured('a').replace('"value":61', '"value":61.000000000000000001');
    const bodies: string[] = [];
    await publish((_urls, _post, body) => (bodies.push(body), ['201']), [exact]);
    expect(bodies).toEqual([exact]);
  });
});
