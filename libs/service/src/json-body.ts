import type { z } from 'zod';
import { HttpRefusal, type Problem } from './http-refusal.ts';

const problemsMax = 20;

/**
 * Reads a JSON body. Throws HttpRefusal 400 that names each place and quotes nothing of what was sent; `mend` says
 * where the form is described.
 */
export function readJsonBody<Body>(form: z.ZodType<Body>, body: unknown, mend: string): Body {
  const parsed = form.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw refusal(
    parsed.error.issues.slice(0, problemsMax).map(({ path, message }) => ({
      code: 'structure',
      place: ['body', ...path].join('.'),
      rule: `the call has its form (${message})`,
      mend,
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

const refusal = (problems: Problem[]): HttpRefusal => new HttpRefusal(400, problems);
