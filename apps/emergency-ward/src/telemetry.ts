import { Gauge, type Registry } from 'prom-client';
import type { Freshness } from './overview.ts';

/** Tells how far the ward's read model is behind, as the screen does. */
export function observeLag(registry: Registry, freshness: () => Freshness): void {
  new Gauge({
    name: 'materialiser_lag_records',
    help: 'Records between the checkpoint and the end of the log; NaN while it is unknown.',
    registers: [registry],
    collect() {
      this.set(freshness().lagRecords ?? NaN);
    },
  });
}
