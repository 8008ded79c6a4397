import { z } from 'zod';
import { askService } from '../ask-service.ts';
import type { NamedPatient } from '../named-patient.ts';

export interface ShredOrder {
  readonly product: string;
  readonly patient: NamedPatient;
  readonly cause: string;
}

const receiptForm = z.object({
  product: z.string(),
  shredded: z.array(
    z.object({
      patient: z.string(),
      keyVersion: z.number(),
      shreddedAt: z.string(),
      /** Of the KeyShredded; absent when the log was slow: it follows by itself. */
      position: z.string().optional(),
    }),
  ),
});

/** What the key vault destroyed. */
export type ShredReceipt = z.infer<typeof receiptForm>;

/** Asks the key vault. Fails with its own words when it refuses, and as away when it does not answer. */
export const askToShred = (url: string, client: string, order: ShredOrder): Promise<ShredReceipt> =>
  askService(url, {
    path: '/shred',
    body: order,
    form: receiptForm,
    client,
    silence: {
      rule: 'the key vault answers; whether it shredded is unknown',
      mend: 'see samspill status, then shred again: twice is as once',
    },
  });
