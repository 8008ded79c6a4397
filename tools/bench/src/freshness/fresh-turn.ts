import { join } from 'node:path';
import type { Turn } from '../frame/in-turn.ts';
import type { Measured } from '../frame/samples.ts';
import { startMeter } from '../meters/meter.ts';
import { startProgram } from '../programs/start-program.ts';
import { assertContents } from '../rows/assert-rows.ts';
import { fillTable } from '../rows/fill-table.ts';
import type { FreshContender, FreshGround } from './contender.ts';
import {
  eventsPerMs,
  type Freshness,
  type ObserverOrders,
  type ObserverSetting,
} from './observer-orders.ts';

const compared = 100;

/** How much there is of everything. */
export interface Sizes {
  readonly patients: number;
  /** Rows in the table before. */
  readonly rows: number;
  /** Sent as fast as it goes, so that the process is warm and holds its keys. */
  readonly burst: number;
  /** Sent like what counts, before it. */
  readonly leadMs: number;
  readonly lastsMs: number;
}

export interface Hearers {
  readonly onMeasured: (measured: readonly Measured[]) => void;
  readonly onProfile: (text: string) => void;
}

/** One process of the contender, warmed up, then measured at a steady rate. */
export function freshTurn(
  { servers, options, db, loaded }: FreshGround,
  { patients, rows, burst, leadMs, lastsMs }: Sizes,
  contender: FreshContender,
  { onMeasured, onProfile }: Hearers,
): Turn {
  const { name, form, table, times } = contender;
  const { database, broker } = servers.parts;
  const { stack, databaseUrl, keyVaultUrl } = servers;
  const { kafkaBrokers, schemaRegistryUrl } = stack;
  const { folder, signal } = options;
  // Of the next row: also after a run that failed, no row is sent twice.
  let next = rows;
  let isFilled = false;
  return {
    name,
    work: async () => {
      const following = await contender.start();
      try {
        if (!isFilled) await fillTable(db, { table, times, rows, patients, folder });
        isFilled = true;
        await db.query('CHECKPOINT');
        const first = next;
        next += burst + (leadMs + lastsMs) * eventsPerMs;
        const setting: ObserverSetting = {
          ...{ kafkaBrokers, schemaRegistryUrl, databaseUrl, keyVaultUrl },
          ...{ form, topic: loaded.get(form)?.topic ?? '', table, patients },
          firstIndex: first,
        };
        const file = join(import.meta.dirname, 'observer.program.ts');
        const observer = await startProgram<ObserverOrders>({
          name: 'observer',
          file,
          setting,
          folder,
          signal,
        });
        try {
          await observer.tell('burst', { events: burst });
          await observer.tell('steady', { lastsMs: leadMs });
          const meter = startMeter({ ...following.parts, database, broker });
          const found = await observer.tell('steady', { lastsMs });
          const measured = [...figuresOf(found), ...meter.stop()];
          await assertContents(db, table, patients, spread(next - found.events, found.events));
          onMeasured(measured);
        } finally {
          await observer.end();
        }
      } finally {
        const profile = await following.end();
        if (profile !== undefined) onProfile(profile);
      }
    },
  };
}

/** Of the rows that counted, which came last. */
const spread = (first: number, events: number): { index: number }[] =>
  Array.from({ length: compared }, (_, nth) => ({
    index: first + Math.floor((nth * events) / compared),
  }));

const figuresOf = ({ seen, acknowledged }: Freshness): Measured[] => [
  ...Object.entries(seen).map(([name, value]) => ({ name, unit: 'ms', value: value as number })),
  { name: 'acknowledged p50', unit: 'ms', value: acknowledged.p50 },
  { name: 'acknowledged p99', unit: 'ms', value: acknowledged.p99 },
];
