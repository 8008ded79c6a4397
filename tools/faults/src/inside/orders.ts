import { writeFileSync } from 'node:fs';
import type { ProbePoint } from '@samspill/read-model';

/** The points of a materialiser at which its process may be made to end. */
export const probePoints = [
  'fetched',
  'begun',
  'written',
  'committed',
  'acknowledged',
] as const satisfies ProbePoint[];
export type CrashPoint = (typeof probePoints)[number];

/**
 * By which an instance is told that there are orders: one that a service takes for nothing else. Nest takes SIGUSR2, as
 * most others, for an order to end.
 */
export const ordersSignal = 'SIGWINCH';

/** What an instance does from now on; read by its preload on {@link ordersSignal}. */
export interface InstanceOrders {
  /** Ends by SIGKILL the nth time that a materialiser comes to the point. */
  readonly crashAt?: { readonly point: CrashPoint; readonly times: number };
  /** The clock shows so much more than it is. */
  readonly clockShiftMs?: number;
}

/** Names the file of the orders to an instance. */
export const ordersSetting = 'FAULTS_ORDERS';

export const writeOrders = (file: string, orders: InstanceOrders): void =>
  writeFileSync(file, JSON.stringify(orders));
