// Produces events as a user of plain kafkajs would, and looks for their rows: one process, one clock, apart from the contenders.
import { Kafka, logLevel, type Message } from 'kafkajs';
import pg from 'pg';
import { latencies, type Latencies } from '../load/latencies.ts';
import { openLoop } from '../load/open-loop.ts';
import { givenSetting, serveOrders } from '../programs/serve-orders.ts';
import { rowAt } from '../rows/measurement-row.ts';
import { rowMessages } from '../rows/row-messages.ts';
import { gatheringSender } from './gathering-sender.ts';
import {
  eventsPerMs,
  type ObserverOrders,
  type ObserverSetting,
  type Percentiles,
} from './observer-orders.ts';
import { watchRows } from './watch.ts';

/** Those of so many milliseconds are due together. */
const tickMs = 5;
const perTick = tickMs * eventsPerMs;

const setting = givenSetting() as ObserverSetting;
const { kafkaBrokers, databaseUrl, topic, table, patients } = setting;
const db = new pg.Client({ connectionString: databaseUrl });
await db.connect();
const watch = watchRows(db, table);
const messageOf = await rowMessages(setting);
const kafka = new Kafka({ brokers: [...kafkaBrokers], logLevel: logLevel.ERROR });
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();
const sender = gatheringSender(producer, topic);

interface Prepared {
  readonly eventId: string;
  readonly message: Message;
}
let next = setting.firstIndex;
/** Made before they are due, so that making them costs no event its time. */
const prepare = (count: number): Prepared[] =>
  Array.from({ length: count }, () => {
    const row = rowAt(next, patients);
    const message = messageOf(row, next);
    next += 1;
    return { eventId: row.eventId, message };
  });

/** Resolves when the events are acknowledged; `seen` hears of each row. */
function send(events: readonly Prepared[], seen: (atMs: number) => void) {
  const rows = events.map(async ({ eventId }) => seen(await watch.row(eventId)));
  const messages = events.map(({ message }) => message);
  return { acknowledged: sender.send(messages), rows };
}

const percentilesOf = (times: Latencies): Percentiles => ({
  p50: times.percentile(50),
  p90: times.percentile(90),
  p99: times.percentile(99),
  max: times.max,
});

const orders: ObserverOrders = {
  burst: async ({ events }) => {
    const batch = 1_000;
    const waiting: Promise<void>[] = [];
    for (let sent = 0; sent < events; sent += batch) {
      const { acknowledged, rows } = send(prepare(Math.min(batch, events - sent)), () => undefined);
      await acknowledged;
      waiting.push(...rows);
    }
    await Promise.all(waiting);
  },
  steady: async ({ lastsMs }) => {
    const seen = latencies();
    const acknowledged = latencies();
    const events = prepare(lastsMs * eventsPerMs);
    await openLoop({
      perSecond: 1_000 / tickMs,
      lastsMs,
      send: async (tick, dueMs) => {
        const due = events.slice(tick * perTick, (tick + 1) * perTick);
        const sent = send(due, (atMs) => seen.note(atMs - dueMs));
        await sent.acknowledged;
        acknowledged.note(performance.now() - dueMs);
        await Promise.all(sent.rows);
      },
    });
    return {
      events: seen.count,
      seen: percentilesOf(seen),
      acknowledged: percentilesOf(acknowledged),
    };
  },
  end: async () => {
    await watch.close();
    await producer.disconnect();
    await db.end();
  },
};
serveOrders(orders);
