import { pseudonymForm } from '@samspill/privacy';
import { z } from 'zod';

/** A national number with its system, null where it is not said. */
export const identifierForm = z.object({
  system: z.string().min(1).max(200).nullable(),
  value: z.string().min(1).max(100),
});

/** How a body names a patient, never a URL: by national number or by pseudonym. */
export const patientForm = z.union([
  z.object({ identifier: identifierForm }),
  z.object({ pseudonym: pseudonymForm }),
]);
export type PatientInBody = z.infer<typeof patientForm>;
