import { holdsNationalNumber } from '@samspill/fhir';
import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import { HttpRefusal, type Problem } from '@samspill/service';
import { z } from 'zod';

/** No call takes more items. */
export const itemsMax = 1_000;

const product = z.string().min(1).max(100);
const pseudonym = z.custom<Pseudonym>((value) => typeof value === 'string' && isPseudonym(value));
const identifier = z.object({
  system: z.string().min(1).max(200).nullable(),
  value: z.string().min(1).max(100),
});

const patient = z.union([z.object({ identifier }), z.object({ pseudonym })]);
const cause = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (text) => !holdsNationalNumber(text),
    'it stands in the log in clear and for ever, so it names no person',
  );

/** What each call takes. */
export const bodies = {
  pseudonyms: z.object({
    identifiers: z.array(identifier).max(itemsMax),
    mode: z.enum(['create', 'find']),
  }),
  indexKey: z.object({ product }),
  sealingKeys: z.object({ product, patients: z.array(pseudonym).max(itemsMax) }),
  openingKeys: z.object({
    product,
    keys: z
      .array(z.object({ patient: pseudonym, version: z.int().min(1).max(2_147_483_647) }))
      .max(itemsMax),
  }),
  shred: z.object({ product, patient, cause }),
  grant: z.object({ consumer: z.string().min(1).max(100), product, patient, cause }),
};

const refusal = (problems: Problem[]): HttpRefusal => new HttpRefusal(400, problems);

/** Reads a JSON body. Throws a refusal that names each place and quotes nothing of what was sent. */
export function readBody<Body>(form: z.ZodType<Body>, body: unknown): Body {
  const parsed = form.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw refusal(
    parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
      code: 'structure',
      place: ['body', ...path].join('.'),
      rule: `the call has its form (${message})`,
      mend: `send what the README of the key vault shows, ${itemsMax} items at most`,
    })),
  );
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString() : '');
  } catch {
    const rule = 'the body is JSON in UTF-8';
    throw refusal([{ code: 'structure', place: 'body', rule, mend: 'send application/json' }]);
  }
}
