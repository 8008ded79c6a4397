import { setTimeout as pause } from 'node:timers/promises';
import { formatPosition, type Pseudonym } from '@samspill/kernel';
import type { Pool } from 'pg';
import { grantRows, positionOf, shredRows, type OutboxRow } from './outbox.ts';
import type { GrantOrder } from './withholding-order.ts';

/** What was destroyed. A pseudonym without any key so far is not among them. */
export interface ShredReceipt {
  readonly product: string;
  readonly shredded: readonly {
    readonly patient: Pseudonym;
    /** The highest destroyed version; all below it are gone too. */
    readonly keyVersion: number;
    readonly shreddedAt: string;
    /** `topic:partition:offset` of the KeyShredded; absent when the log was too slow: it follows by itself. */
    readonly position?: string;
  }[];
}

/** Whose grants stand as ordered because an order said so. */
export interface GrantReceipt {
  readonly consumer: string;
  readonly product: string;
  readonly changed: readonly {
    readonly patient: Pseudonym;
    /** `topic:partition:offset` of the fact; absent when the log was too slow: it follows by itself. */
    readonly position?: string;
  }[];
}

/** The receipt, once the log holds the facts or `waitMs` have passed. */
export async function shredReceipt(
  pool: Pool,
  product: string,
  patients: readonly Pseudonym[],
  waitMs: number,
): Promise<ShredReceipt> {
  const rows = await onceInLog(() => shredRows(pool, product, patients), waitMs);
  const shredded = rows.flatMap((row) => {
    if (row.event !== 'KeyShredded') return [];
    const { keyVersion } = row.facts;
    const shreddedAt = row.occurredAt.toISOString();
    return { patient: row.patient, keyVersion, shreddedAt, ...positionPart(row) };
  });
  return { product, shredded };
}

/** The receipt, once the log holds the facts or `waitMs` have passed: of the patients whose last word is `event`. */
export async function grantReceipt(
  pool: Pool,
  event: 'GrantOpened' | 'GrantClosed',
  { subscription: { consumer }, product, patients }: Omit<GrantOrder, 'cause'>,
  waitMs: number,
): Promise<GrantReceipt> {
  const rows = await onceInLog(() => grantRows(pool, { consumer, product }, patients), waitMs);
  const changed = rows
    .filter((row) => row.event === event)
    .map((row) => ({ patient: row.patient, ...positionPart(row) }));
  return { consumer, product, changed };
}

async function onceInLog(
  look: () => Promise<OutboxRow[]>,
  waitMs: number,
): Promise<readonly OutboxRow[]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const rows = await look();
    const isComplete = rows.every((row) => positionOf(row) !== undefined);
    if (isComplete || performance.now() >= deadline) return rows;
    // The relay may run in another instance, so the rows are looked at.
    await pause(25);
  }
}

const positionPart = (row: OutboxRow): { position?: string } => {
  const position = positionOf(row);
  return position === undefined ? {} : { position: formatPosition(position) };
};
