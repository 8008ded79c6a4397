import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ada, openDoor, type AnsweredEntry } from './sample/open-door.ts';

// Published payloads and what becomes of them. They are not part of the project: a folder that holds them can be named.
const root = join(import.meta.dirname, '../../..');
const folder = resolve(root, process.env['SAMSPILL_CASES'] ?? '../shared/cases');

const verdict = z.strictObject({
  title: z.string(),
  identity: z.enum(['strict', 'lenient']).default('lenient'),
  /** `synthetic`: a synthetic number stands in the patient header. */
  patient: z.enum(['none', 'synthetic']).default('none'),
  /** Sent one after another to one service. */
  steps: z.array(
    z.strictObject({
      file: z.string(),
      /** PUT: sent as the one entry of a batch. */
      method: z.enum(['POST', 'PUT']).default('POST'),
      contentType: z.string().default('application/fhir+json'),
      /** Of the call, or of each entry of a batch-response. */
      status: z.array(z.number()),
      /** Codes of errors and warnings, in order. */
      issues: z.array(z.string()),
    }),
  ),
});
const verdicts = z
  .array(verdict)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../verdicts.json'), 'utf8')));

type Verdict = z.infer<typeof verdict>;
type Issues = { readonly issue?: readonly { severity: string; code: string }[] } | undefined;

const codesOf = (outcome: Issues) =>
  (outcome?.issue ?? [])
    .filter(({ severity }) => severity !== 'information')
    .map(({ code }) => code);

async function judge(
  door: ReturnType<typeof openDoor>,
  step: Verdict['steps'][number],
  patientHeader?: string,
) {
  const body = readFileSync(join(folder, step.file));
  const sent = { contentType: step.contentType, patientHeader };
  const isBundle = /^\s*\{\s*"resourceType"\s*:\s*"Bundle"/.test(body.toString());
  const answer = isBundle
    ? await door.post(body, sent)
    : step.method === 'PUT'
      ? await door.post(asPut(body), sent)
      : await door.postObservation(body, sent);
  const entries = (answer.body as { entry?: AnsweredEntry[] }).entry;
  return entries === undefined
    ? { status: [answer.status], issues: codesOf(answer.body) }
    : {
        status: entries.map(({ response }) => Number(response.status.slice(0, 3))),
        issues: entries.flatMap(({ response }) => codesOf(response.outcome)),
      };
}

// Put together as text, so that numbers stay as they were published.
const asPut = (resource: Buffer) =>
  Buffer.from(
    `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"x"},"resource":${resource.toString()}}]}`,
  );

describe('the verdict on published payloads', () => {
  it.for(verdicts)('$title', async ({ identity, patient, steps }, { skip }) => {
    const absent = steps.map(({ file }) => file).filter((file) => !existsSync(join(folder, file)));
    if (absent.length > 0) skip(`not here: ${absent.join(', ')}`);
    const door = openDoor(identity);
    for (const step of steps) {
      const told = await judge(door, step, patient === 'synthetic' ? ada : undefined);
      expect(told, step.file).toEqual({ status: step.status, issues: step.issues });
    }
  });

  it('is a FHIR answer for any file there, in both modes, with and without a patient', async ({
    skip,
  }) => {
    const files = globSync('**/*.{json,xml}', { cwd: folder });
    if (files.length === 0) skip('no folder of published payloads is here');
    for (const identity of ['lenient', 'strict'] as const) {
      const door = openDoor(identity);
      for (const file of files) {
        const body = readFileSync(join(folder, file));
        for (const patientHeader of [undefined, ada]) {
          const answers = [
            await door.post(body, { patientHeader }),
            await door.postObservation(body, { patientHeader }),
          ];
          for (const answer of answers) {
            expect(answer.body, file).toHaveProperty('resourceType');
            expect([200, 201, 400, 409, 413, 422], file).toContain(answer.status);
          }
        }
      }
    }
  });
});
