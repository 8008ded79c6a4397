import { isPseudonym, type Pseudonym } from '@samspill/kernel';
import { z } from 'zod';

/** A pseudonym in a body; what is refused is not quoted. */
export const pseudonymForm = z.custom<Pseudonym>(
  (value) => typeof value === 'string' && isPseudonym(value),
);
