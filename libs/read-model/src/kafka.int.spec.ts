import { randomBytes } from 'node:crypto';
import { keyVault, measurements } from '@samspill/contracts';
import { ensureTopics, kafkaEventLog, type EventLog } from '@samspill/event-log';
import { newPseudonym, type Pseudonym } from '@samspill/kernel';
import { applySchemas, openWireFormat, type WireFormat } from '@samspill/schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningMaterialiser } from './materialiser.ts';
import { startRebuild } from './rebuild.ts';
import { gatesIn } from './sample/gates.ts';
import { grantClosed, grantOpened, recorded } from './sample/events.ts';
import { readings } from './sample/projections.ts';
import { built, targetOf } from './sample/versions.ts';
import { caughtUp, eventually, openWard, recordsOf, startServers } from './sample/ward.ts';
import type { Servers, Ward } from './sample/ward.ts';
import { switchVersion } from './switch-version.ts';

let servers: Servers;
let ward: Ward;
let log: EventLog;
let wire: WireFormat;
let product: typeof measurements;
/** Starts a materialiser of one group; several share its partitions. */
let start: () => Promise<RunningMaterialiser>;
let group: string;
let consumer: string;

const patients = Array.from({ length: 8 }, newPseudonym);

beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());
beforeEach(async () => {
  const { kafkaBrokers, schemaRegistryUrl: registryUrl } = servers.stack;
  // A topic of its own, since others use these servers too.
  const topic = `read-model-spec.measurement.v${randomBytes(4).readUInt32BE()}`;
  product = onTopic(topic);
  await ensureTopics(kafkaBrokers, [product, keyVault]);
  await applySchemas({ registryUrl, products: [product, keyVault] });
  wire = await openWireFormat({ registryUrl, products: [product, keyVault] });
  consumer = `ward-${randomBytes(4).toString('hex')}`;
  group = `${consumer}.readings`;
  log = kafkaEventLog({
    brokers: kafkaBrokers,
    clientId: consumer,
    subscribe: { sessionTimeoutMs: 3_000, heartbeatIntervalMs: 200, fetchWaitMs: 50 },
  });
  ward = await openWard(servers);
  start = () => ward.start({ eventLog: log, wire, consumer, projection: { ...readings, product } });
});
afterEach(async () => {
  await ward.close();
  await log.close();
});

describe('on Kafka', () => {
  it('the read model equals the log, each event once, whoever joins and leaves meanwhile', async () => {
    const first = await start();
    const publishing = publish(2_000);
    const second = await start();
    await first.close();
    const third = await start();
    await publishing;
    await second.close();
    await caughtUp(third);
    await expectEqualToLog(2_000);
  });

  it('patients who are closed and opened while events stream miss nothing, whoever joins and leaves', async () => {
    const first = await start();
    const publishing = publish(3_000);
    const publisher = log.publisher();
    const [one, two, three, four] = patients;
    const closing = [one, two, three, four].flatMap((patient) => patient ?? []);
    const close = closing.map((patient) => grantClosed(patient, { consumer }, wire));
    const open = closing.map((patient) => grantOpened(patient, { consumer }, wire));
    await publisher.publish(close);
    await eventually(() => gatesIn(ward, 'withheld')).toBe(4);
    const second = await start();
    await publisher.publish(open);
    await first.close();
    await publisher.publish([...close, ...open]);
    await publishing;
    await eventually(() => gatesIn(ward, 'open')).toBe(4);
    await caughtUp(second);
    await expectEqualToLog(3_000);
  });

  it('a rebuild equals the log, shared by instances that come and go while events stream', async () => {
    await publish(2_000);
    const first = await start();
    await caughtUp(first);
    const second = await start();
    await startRebuild(ward.pool, targetOf(ward));
    const publishing = publish(1_000);
    await first.close();
    const third = await start();
    await publishing;
    await built(ward, 2);
    expect(await switchVersion(ward.pool, targetOf(ward))).toMatchObject({ from: 1, to: 2 });
    await second.close();
    await caughtUp(third);
    await expectEqualToLog(3_000);
  });

  it('the position is that of the database, also when Kafka has forgotten its own', async () => {
    await publish(300);
    const running = await start();
    await caughtUp(running);
    await running.close();
    await forgetGroup();
    await publish(300);
    await caughtUp(await start());
    await expectEqualToLog(600);
    expect(ward.outcomes.get('applied')).toBe(600);
  });

  it('a publisher that repeats everything leaves each event once', async () => {
    const events = await sealed(200);
    const publisher = log.publisher();
    await publisher.publish(events);
    await publisher.publish(events);
    await caughtUp(await start());
    expect(await ward.readings()).toHaveLength(200);
    expect(ward.outcomes.get('applied')).toBeGreaterThanOrEqual(200);
  });
});

/** The product of measurements on another topic. */
function onTopic(topic: string): typeof measurements {
  const events = Object.fromEntries(
    Object.entries(measurements.events).map(([name, event]) => [
      name,
      { ...event, topic, subject: `${topic}-${event.fullName}` },
    ]),
  ) as unknown as (typeof measurements)['events'];
  return { ...measurements, topic, events };
}

async function sealed(count: number) {
  const keys = await ward.keys.sealingKeys(product.name, patients);
  return Array.from({ length: count }, (_, n) => {
    const [patient, key] = [patients[n % 8], keys[n % 8]];
    if (patient === undefined || key === undefined) throw new Error('no key');
    const facts = { value: String(n) };
    return recorded(patient, key, facts, product.events.MeasurementRecorded, wire);
  });
}

async function publish(count: number): Promise<void> {
  const publisher = log.publisher();
  const events = await sealed(count);
  for (let at = 0; at < count; at += 100) await publisher.publish(events.slice(at, at + 100));
}

async function expectEqualToLog(count: number): Promise<void> {
  const records = await recordsOf(log, product.topic);
  const rows = await ward.readings();
  expect(rows).toHaveLength(count);
  const byPatient = (patient: Pseudonym) => ({
    log: records.filter(({ key }) => key === patient).map(({ id }) => id),
    rows: rows.filter((row) => row.patient === patient).map(({ event_id }) => event_id),
  });
  for (const patient of patients) {
    const { log: inLog, rows: inRows } = byPatient(patient);
    expect(inRows).toEqual(inLog);
  }
}

async function forgetGroup(): Promise<void> {
  const brokers = servers.stack.kafkaBrokers;
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteGroups([group]);
  await admin.disconnect();
}
