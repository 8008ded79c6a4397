import { SamspillError } from '@samspill/kernel';
import type { z } from 'zod';

/** Reads settings from the environment. Throws CONFIG_INVALID naming every one that is missing or wrong. */
export function readSettings<Settings>(
  form: z.ZodType<Settings>,
  env: NodeJS.ProcessEnv,
): Settings {
  const parsed = form.safeParse(env);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new SamspillError('CONFIG_INVALID', { place: place.join(', ') });
}
