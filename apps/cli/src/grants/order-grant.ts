import { z } from 'zod';
import { askService } from '../ask-service.ts';
import type { NamedPatient } from '../named-patient.ts';

export interface GrantOrder {
  readonly consumer: string;
  readonly product: string;
  readonly patient: NamedPatient;
  readonly cause: string;
}

const receiptForm = z.object({
  consumer: z.string(),
  product: z.string(),
  changed: z.array(
    z.object({
      patient: z.string(),
      /** Of the fact; absent when the log was slow: it follows by itself. */
      position: z.string().optional(),
    }),
  ),
});

/** Whose grants stand as ordered. */
export type GrantReceipt = z.infer<typeof receiptForm>;

/** Orders the key vault. Fails with its own words when it refuses, and as away when it does not answer. */
export const orderGrant = (
  url: string,
  client: string,
  what: 'close' | 'open',
  order: GrantOrder,
): Promise<GrantReceipt> =>
  askService(url, {
    path: `/grants/${what}`,
    body: order,
    form: receiptForm,
    client,
    silence: {
      rule: 'the key vault answers; whether it has taken the order is unknown',
      mend: 'see samspill status, then order again: twice is as once',
    },
  });
