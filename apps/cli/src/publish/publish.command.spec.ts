import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIntake, type Intake } from '../support/intake.ts';
import { heartRate } from '../support/payloads.ts';
import { runSamspill, type RunOptions } from '../support/run-samspill.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'samspill-publish-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, ...payloads: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, payloads.map((payload) => JSON.stringify(payload)).join('\n'));
  return path;
}
const measured = (id: string) =>
  heartRate({ identifier: [{ system: 'urn:oid:1.2.3', value: id }] });
const bundle = (...fullUrls: readonly string[]) => ({
  resourceType: 'Bundle',
  entry: fullUrls.map((fullUrl) => ({ fullUrl })),
});

/** Publishes to an intake that answers so; also says what it was sent. */
async function publish(answers: Intake, args: readonly string[], options: RunOptions = {}) {
  const { url, posts, close } = await startIntake(answers);
  const ran = await runSamspill(['publish', '--url', url, ...args], options);
  await close();
  return { ...ran, posts };
}
describe('samspill publish', () => {
  it('sends the payloads in their order, and says of each entry what became of it', async () => {
    const files = [
      fileOf('a.json', bundle('a', 'b')),
      fileOf('c.ndjson', measured('c'), measured('d')),
    ];
    const { exitCode, out, posts } = await publish(
      (urls) => urls.map((one) => (one === 'b' ? '200' : '201')),
      files,
    );
    expect(posts).toEqual([['a', 'b'], ['c'], ['d']]);
    expect(out.replaceAll(`${folder}/`, '')).toBe(
      [
        'a.json entry 0: recorded',
        'a.json entry 1: held already',
        'c.ndjson: recorded',
        'c.ndjson:2: recorded',
        '3 payloads: 3 recorded, 0 changed, 1 held already, 0 ignored, 0 refused, 0 without a clear answer\n',
      ].join('\n'),
    );
    expect(exitCode).toBe(0);
  });

  it('ends with 1 where something was refused, and names the call', async () => {
    const file = fileOf('a.json', bundle('a', 'b'));
    const answers: Intake = () => ['201', '422'];
    const { exitCode, out } = await publish(answers, [file]);
    expect(exitCode).toBe(1);
    expect(out).toContain('a.json entry 1: refused (422, request call-1)');
    const { out: json } = await publish(answers, ['--json', file]);
    expect(
      json
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { payload: file, entry: 0, outcome: 'recorded', status: 201, requestId: 'call-1' },
      { payload: file, entry: 1, outcome: 'refused', status: 422, requestId: 'call-1' },
    ]);
  });

  it('ends with 3 where the intake is away, or goes away', async () => {
    const file = fileOf('a.json', measured('a'));
    const absent = await runSamspill(['publish', '--url', 'http://127.0.0.1:9', file]);
    expect(absent.exitCode).toBe(3);
    expect(absent.err).toMatch(/expected that the measurements service answers\. To mend/);
    const intake = await startIntake(() => {
      void intake.close();
      return ['201'];
    });
    const gone = await runSamspill(['publish', '--url', intake.url, '--tries', '1', file]);
    expect(gone.exitCode).toBe(3);
    expect(gone.out).toContain('a.json: without a clear answer (no answer)');
    expect(gone.err).toMatch(/nothing further was sent: .*publish the same/);
  });

  it('on Ctrl-C ends after the payload that is on its way', async () => {
    const files = ['a', 'b', 'c'].map((name) => fileOf(`${name}.json`, measured(name)));
    let interrupt: () => void = () => undefined;
    const { exitCode, out, err, posts } = await publish(
      (_, post) => {
        if (post === 2) interrupt();
        return ['201'];
      },
      files,
      { onStart: (signal) => (interrupt = () => signal('SIGINT')) },
    );
    expect(exitCode).toBe(1);
    expect(out).toMatch(new RegExp(`^${posts.length} payloads: ${posts.length} recorded`, 'm'));
    expect(posts.length).toBeLessThan(3);
    expect(err).toMatch(/ended early.*what was taken in is held already/);
  });

  it('sends nothing where one of the files is not there, and nothing on a dry run', async () => {
    const file = fileOf('a.json', measured('a'));
    const absent = await publish(() => ['201'], [file, join(folder, 'absent.json')]);
    expect([absent.exitCode, absent.posts]).toEqual([2, []]);
    const dry = await publish(() => ['201'], ['--dry-run', file]);
    expect([dry.exitCode, dry.posts]).toEqual([0, []]);
    expect(dry.out).toMatch(/1 payload: 1 accepted/);
  });
});
