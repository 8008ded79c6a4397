import { holdsNationalNumber } from '@samspill/fhir';
import { pseudonymForm } from '@samspill/privacy';
import { identifierForm, patientForm, readJsonBody } from '@samspill/service';
import { z } from 'zod';

/** No call takes more items. */
export const itemsMax = 1_000;

const product = z.string().min(1).max(100);
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
    identifiers: z.array(identifierForm).max(itemsMax),
    mode: z.enum(['create', 'find']),
  }),
  indexKey: z.object({ product }),
  sealingKeys: z.object({ product, patients: z.array(pseudonymForm).max(itemsMax) }),
  openingKeys: z.object({
    product,
    keys: z
      .array(z.object({ patient: pseudonymForm, version: z.int().min(1).max(2_147_483_647) }))
      .max(itemsMax),
  }),
  shred: z.object({ product, patient: patientForm, cause }),
  grant: z.object({ consumer: z.string().min(1).max(100), product, patient: patientForm, cause }),
};

const mend = `send what the README of the key vault shows, ${itemsMax} items at most`;

/** Reads a JSON body. Throws a refusal that names each place and quotes nothing of what was sent. */
export const readBody = <Body>(form: z.ZodType<Body>, body: unknown): Body =>
  readJsonBody(form, body, mend);
