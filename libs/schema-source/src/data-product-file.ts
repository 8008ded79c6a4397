import { z } from 'zod';

/** `schemas/<domain>/data-product.yaml` */
export const dataProductFile = z.strictObject({
  product: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/),
  title: z.string(),
  owner: z.strictObject({ organisation: z.string(), team: z.string() }),
  purpose: z.string(),
  legalBasis: z.string(),
  topic: z.strictObject({
    entity: z.string().regex(/^[a-z0-9-]+$/),
    major: z.int().min(1),
    partitions: z.int().min(1),
    // A product that has consumers keeps its full history (design D2), so nothing else is known here.
    retention: z.literal('forever', {
      error: 'a product keeps its full history, since consumers rebuild from it; to mend: forever',
    }),
  }),
  key: z.literal('pseudonym of the patient'),
  events: z.record(z.string(), z.strictObject({ seals: z.string().optional() })),
  classification: z.strictObject({
    internal: z.array(z.string()),
    sensitive: z.array(z.string()),
  }),
  serviceLevel: z.strictObject({ freshnessP99Ms: z.int().positive() }),
  erasure: z.string().regex(/^(onOrder|afterYears\(\d+\))$/),
  onReservation: z.enum(['withhold', 'stopIntake']),
});

export type DataProductFile = z.infer<typeof dataProductFile>;

/** `schemas/subscriptions/<consumer>.yaml` */
export const subscriptionFile = z.strictObject({
  consumer: z.string().regex(/^[a-z0-9-]+$/),
  legalEntity: z.string().regex(/^\d{9}$/),
  purposeOfUse: z.string(),
  products: z.array(z.string()).min(1),
  enforcement: z.enum(['mesh-guard', 'external']),
});

export type SubscriptionFile = z.infer<typeof subscriptionFile>;
