import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';

/** The connections of a service to its database, and who waits for one. Names as in OpenTelemetry's conventions. */
export function observePool(registry: Registry, pool: Pool): void {
  const registers = [registry];
  new Gauge({
    name: 'db_client_connection_count',
    help: 'Open connections to the database by state: idle or used.',
    labelNames: ['db_client_connection_state'],
    registers,
    collect() {
      this.set({ db_client_connection_state: 'idle' }, pool.idleCount);
      this.set({ db_client_connection_state: 'used' }, pool.totalCount - pool.idleCount);
    },
  });
  new Gauge({
    name: 'db_client_connection_max',
    help: 'Connections that the pool opens at most.',
    registers,
    collect() {
      this.set(pool.options.max);
    },
  });
  new Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Callers that wait for a connection since all are used.',
    registers,
    collect() {
      this.set(pool.waitingCount);
    },
  });
}
