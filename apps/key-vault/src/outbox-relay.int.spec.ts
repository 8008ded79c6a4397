import { keyVault } from '@samspill/contracts';
import {
  kafkaEventLog,
  PublishOutcomeUnknown,
  type EventLog,
  type EventPublisher,
  type LoggedRecord,
} from '@samspill/event-log';
import { newPseudonym, SamspillError, type Position, type Pseudonym } from '@samspill/kernel';
import { inTransaction } from '@samspill/read-model';
import { openWireFormat, type WireFormat } from '@samspill/schema-registry';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { outboxEvents } from './outbox-event.ts';
import { startOutboxRelay, type OutboxRelay, type RelayParts } from './outbox-relay.ts';
import { appendFacts, lockOutbox, waitingRows, type Fact } from './outbox.ts';
import { eventually, openLog, recordsOf } from './sample/log.ts';
import { openPool, startServers, type Servers } from './sample/servers.ts';

const organisation = '310000019';
const indexKey = Buffer.alloc(32, 1);
const opened: Fact = { event: 'GrantOpened', facts: { consumer: 'ward', product: 'a.b' } };
const closed: Fact = {
  event: 'GrantClosed',
  facts: { consumer: 'ward', product: 'a.b', cause: 'c' },
};
const shredded: Fact = {
  event: 'KeyShredded',
  facts: { product: 'a.b', keyVersion: 1, cause: 'c' },
};

let servers: Servers;
let pool: Pool;
let log: EventLog;
let wire: WireFormat;
let relays: OutboxRelay[] = [];

beforeAll(async () => {
  servers = await startServers();
  pool = await openPool(servers.env);
  log = openLog(servers.env);
  wire = await openWireFormat({
    registryUrl: servers.env['SCHEMA_REGISTRY_URL'] ?? '',
    products: [keyVault],
  });
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
  relays = [];
});
afterAll(async () => {
  await log.close();
  await pool.end();
  await servers.stop();
});

const start = (parts: Partial<RelayParts> = {}): OutboxRelay => {
  const relay = startOutboxRelay({
    pool,
    publisher: log.publisher(),
    eventOf: outboxEvents(wire, indexKey, organisation).eventOf,
    logger: pino({ level: 'silent' }),
    ...parts,
  });
  relays.push(relay);
  return relay;
};
const state = (patient: Pseudonym, ...facts: Fact[]): Promise<void> =>
  inTransaction(pool, async (tx) => {
    await lockOutbox(tx);
    await appendFacts(
      tx,
      facts.map((fact) => ({ patient, ...fact })),
    );
  });
const nothingWaits = async (): Promise<true | undefined> =>
  (await waitingRows(pool, 1)).length === 0 ? true : undefined;
const recordsAbout = async (patient: Pseudonym): Promise<LoggedRecord[]> =>
  (await recordsOf(log)).filter(({ key }) => key === patient);
const typesOf = (records: readonly LoggedRecord[]): (string | undefined)[] =>
  records.map(({ type }) => type?.slice(type.lastIndexOf('.') + 1));

describe('the outbox relay', () => {
  it('publishes what was committed, in order per patient, and notes where it lies', async () => {
    start();
    const [one, other] = [newPseudonym(), newPseudonym()];
    await state(one, opened, closed);
    await state(other, opened);
    await state(one, shredded);
    await eventually(nothingWaits);
    const records = await recordsAbout(one);
    expect(typesOf(records)).toEqual(['GrantOpened', 'GrantClosed', 'KeyShredded']);
    expect(typesOf(await recordsAbout(other))).toEqual(['GrantOpened']);
    const { rows } = await pool.query<{ partition: number; offset: number }>(
      'SELECT log_partition AS partition, log_offset AS "offset" FROM outbox WHERE patient = $1 ORDER BY id',
      [one],
    );
    expect(rows).toEqual(records.map(({ partition, offset }) => ({ partition, offset })));
  });

  it('writes what the schema says, under the name of the vault', async () => {
    start();
    const patient = newPseudonym();
    await state(patient, shredded);
    await eventually(nothingWaits);
    const [record] = await recordsAbout(patient);
    await wire.learn(record?.value ? [record.value] : []);
    expect(record?.source).toBe(`urn:samspill:${organisation}:key-vault`);
    expect(wire.read(record?.value ?? Buffer.alloc(0))).toMatchObject({
      value: {
        envelope: {
          eventId: record?.id,
          source: { orgnrParent: organisation, clientId: 'key-vault' },
        },
        ...shredded.facts,
      },
    });
  });

  it('publishes after a restart what was committed before a crash', async () => {
    const patient = newPseudonym();
    await state(patient, opened);
    start();
    await eventually(nothingWaits);
    expect(typesOf(await recordsAbout(patient))).toEqual(['GrantOpened']);
  });

  it('publishes the same event again when it crashed before it could note the position', async () => {
    const patient = newPseudonym();
    const real = log.publisher();
    let tries = 0;
    const forgetful: EventPublisher = {
      publish: async (events) => {
        const positions = await real.publish(events);
        tries += 1;
        if (tries === 1) throw new SamspillError('PUBLISH_OUTCOME_UNKNOWN');
        return positions;
      },
      close: () => real.close(),
    };
    start({ publisher: forgetful });
    await state(patient, opened, shredded);
    await eventually(nothingWaits);
    const records = await recordsAbout(patient);
    expect(typesOf(records)).toEqual(['GrantOpened', 'KeyShredded', 'GrantOpened', 'KeyShredded']);
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
  });

  it('keeps its place while it is not known whether its facts arrive, so that no other instance goes on before', async () => {
    const real = log.publisher();
    const asked = Promise.withResolvers<undefined>();
    const arrives = Promise.withResolvers<readonly Position[]>();
    const slow: EventPublisher = {
      publish: () => {
        asked.resolve(undefined);
        return Promise.reject(new PublishOutcomeUnknown(arrives.promise));
      },
      close: () => real.close(),
    };
    const patient = newPseudonym();
    await state(patient, opened);
    start({ publisher: slow });
    await asked.promise;
    let others = 0;
    start({
      publisher: {
        ...slow,
        publish: (events) => real.publish(events).finally(() => (others += 1)),
      },
    });
    await state(patient, closed);
    const [first] = await waitingRows(pool, 1);
    if (first === undefined) throw new Error('a row waits');
    // Its session would end if it said nothing for long.
    await eventually(async () => {
      const { rows } = await pool.query<{ query: string }>(
        `SELECT query FROM pg_stat_activity JOIN pg_locks USING (pid)
          WHERE locktype = 'advisory' AND granted AND query = 'SELECT 1'`,
      );
      return rows.length > 0 ? true : undefined;
    });
    arrives.resolve([{ topic: keyVault.topic, partition: 0, offset: 1_000_000 }]);
    await eventually(async () => {
      const sql = 'SELECT FROM outbox WHERE id = $1 AND log_offset = 1000000';
      return (await pool.query(sql, [first.id])).rows.length > 0 ? true : undefined;
    });
    expect(others).toBe(0);
    await pool.query('DELETE FROM outbox WHERE patient = $1', [patient]);
  });

  it('keeps what it has while the log is away', async () => {
    const nowhere = kafkaEventLog({ brokers: ['127.0.0.1:1'], clientId: 'nowhere' });
    const patient = newPseudonym();
    let failures = 0;
    const logger = pino({ level: 'warn' }, { write: () => void (failures += 1) });
    const lame = start({ publisher: nowhere.publisher(), logger });
    await state(patient, opened);
    await eventually(() => Promise.resolve(failures > 0 ? true : undefined));
    await nowhere.close();
    await lame.close();
    expect(await waitingRows(pool, 10)).toHaveLength(1);
    start();
    await eventually(nothingWaits);
    expect(typesOf(await recordsAbout(patient))).toEqual(['GrantOpened']);
  }, 120_000);

  it('is one of two, and the other takes over when the connection of the first breaks', async () => {
    const publishers = ['first', 'second'].map((name) => ({ name, real: log.publisher() }));
    const worked: string[] = [];
    for (const { name, real } of publishers) {
      const publisher: EventPublisher = {
        publish: (events) => {
          worked.push(name);
          return real.publish(events);
        },
        close: () => real.close(),
      };
      start({ publisher });
    }
    await state(newPseudonym(), opened);
    await eventually(nothingWaits);
    await state(newPseudonym(), opened);
    await eventually(nothingWaits);
    expect(new Set(worked).size).toBe(1);

    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(rowCount).toBe(1);
    const patient = newPseudonym();
    await state(patient, opened, closed);
    await eventually(nothingWaits);
    expect(typesOf(await recordsAbout(patient))).toEqual(['GrantOpened', 'GrantClosed']);
  });
});
