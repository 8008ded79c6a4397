import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleOf, heartRate, patientNumber } from '../support/payloads.ts';
import { runSamspill } from '../support/run-samspill.ts';
import { judgePayload, type EntryVerdict } from './judge-payload.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'samspill-check-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function verdictsOf(...args: string[]) {
  const { exitCode, out } = await runSamspill(['check', '--json', ...args]);
  return { exitCode, verdicts: JSON.parse(out) as EntryVerdict[] };
}

describe('samspill check', () => {
  it('accepts what the intake accepts, with exit code 0', async () => {
    const file = fileOf('good.json', bundleOf(heartRate(), { resourceType: 'Patient' }));
    const { exitCode, verdicts } = await verdictsOf(file);
    expect(exitCode).toBe(0);
    expect(verdicts.map(({ entry, outcome, status }) => [entry, outcome, status])).toEqual([
      [0, 'accepted', 201],
      [1, 'ignored', 200],
    ]);
  });

  it('refuses an entry with place, rule and mend, and judges the others', async () => {
    const file = fileOf('mixed.json', bundleOf(heartRate({ status: 'done' }), heartRate()));
    const { exitCode, out } = await runSamspill(['check', file]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/1 payload: 1 accepted, 0 ignored, 1 refused\n$/);
    const { verdicts } = await verdictsOf(file);
    expect(verdicts[0]).toMatchObject({
      outcome: 'refused',
      status: 422,
      issues: [{ place: 'Bundle.entry[0].resource.status' }],
    });
    expect(verdicts[0]?.issues[0]?.mend).toMatch(/./);
  });

  it('takes an Observation by itself', async () => {
    const { verdicts } = await verdictsOf(fileOf('one.json', heartRate()));
    expect(verdicts).toMatchObject([{ outcome: 'accepted', status: 201 }]);
  });

  it('takes NDJSON, a verdict a line, and standard input', async () => {
    const lines = [heartRate(), heartRate({ status: 'done' }), bundleOf(heartRate())];
    const text = lines.map((line) => JSON.stringify(line)).join('\n\n');
    const file = fileOf('many.json', text);
    const expected = [
      ['', 'accepted'],
      [':3', 'refused'],
      [':5', 'accepted'],
    ];
    const of = (verdicts: EntryVerdict[], name: string) =>
      verdicts.map((one) => [one.file.replace(name, ''), one.outcome]);
    expect(of((await verdictsOf(file)).verdicts, file)).toEqual(expected);
    const { out } = await runSamspill(['check', '--json', '-'], { stdin: text });
    expect(of(JSON.parse(out) as EntryVerdict[], '-')).toEqual(expected);
  });

  it.each<[string, string, number]>([
    ['no JSON', '{', 400],
    ['XML', '<Bundle xmlns="http://hl7.org/fhir"/>', 415],
    ['another resource', '{"resourceType":"DiagnosticReport"}', 400],
    ['10,000 levels', '['.repeat(10_000) + ']'.repeat(10_000), 400],
  ])('refuses a file with %s as a whole', (_, content, status) => {
    const context = {
      identity: 'lenient',
      now: new Date(),
      orgnrParent: '310000019',
      sendsFor: [],
    } as const;
    const payload = { file: 'bad.json', name: 'bad.json', body: Buffer.from(content) };
    expect(judgePayload(payload, context)).toMatchObject([
      { outcome: 'refused', entry: undefined, status },
    ]);
  });

  it('judges national ids as the intake in production would, when asked', async () => {
    const file = fileOf('synthetic.json', heartRate());
    expect((await verdictsOf('--identity', 'strict', file)).exitCode).toBe(1);
    expect((await verdictsOf('--identity', 'lenient', file)).exitCode).toBe(0);
  });

  it('takes the patient from a file or from standard input, and never prints the number', async () => {
    const file = fileOf('nobody.json', heartRate({ subject: undefined }));
    const number = fileOf('patient.txt', `${patientNumber}\n`);
    const without = await runSamspill(['check', file]);
    const fromFile = await runSamspill(['check', '--patient', `@${number}`, file]);
    const fromStdin = await runSamspill(['check', '--patient', '@-', file], {
      stdin: patientNumber,
    });
    expect([without.exitCode, fromFile.exitCode, fromStdin.exitCode]).toEqual([1, 0, 0]);
    for (const { out, err } of [fromFile, fromStdin])
      expect(out + err).not.toContain(patientNumber);
  });

  it('names a file that it cannot read, with exit code 2', async () => {
    const { exitCode, err } = await runSamspill(['check', join(folder, 'absent.json')]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /absent\.json, which does not exist: expected that it can be read\. To mend: .*\n$/,
    );
  });
});
