// Generated from schemas by `npm run codegen`. Change it there.

import type { ConsumerSubscription, DataProduct } from '../data-product.ts';
import { keyVault } from './key-vault.ts';
import { measurements } from './measurements.ts';

/** Every data product of the mesh. */
export const dataProducts: readonly DataProduct[] = [keyVault, measurements];

/** Every consumer's subscription, by consumer. */
export const subscriptions = {
  'emergency-ward': {
    consumer: 'emergency-ward',
    legalEntity: '310000019',
    purposeOfUse: 'ETREAT',
    products: ['measurements.measurement'],
    enforcement: 'mesh-guard',
  },
  measurements: {
    consumer: 'measurements',
    legalEntity: '310000019',
    purposeOfUse: 'TREAT',
    products: ['measurements.measurement'],
    enforcement: 'mesh-guard',
  },
} as const satisfies Record<string, ConsumerSubscription>;
