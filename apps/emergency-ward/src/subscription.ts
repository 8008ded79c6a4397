import { subscriptions } from '@samspill/contracts';
import { measurementProjection } from '@samspill/observations';

/** What the ward reads from the mesh, for what purpose, and what it keeps of it; generated from `schemas/subscriptions/`. */
export const subscription = {
  ...subscriptions['emergency-ward'],
  projections: [measurementProjection],
} as const;
