import type { ServiceName } from '@samspill/testing';

/** One value for each service. */
export const eachService = <Value>(
  valueOf: (name: ServiceName) => Value,
): Record<ServiceName, Value> => ({
  'key-vault': valueOf('key-vault'),
  measurements: valueOf('measurements'),
  'emergency-ward': valueOf('emergency-ward'),
});
