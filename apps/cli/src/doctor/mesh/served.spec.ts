import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LagAnswer, PartitionLag } from '../../lag/lag-answer.ts';
import type { Finding } from '../check.ts';
import { clockCheck } from './clock.ts';
import { outboxCheck } from './outbox.ts';
import { readModelChecks } from './read-models.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A service that says what would take minutes, or another machine, to bring about. */
async function serviceThatSays(body: string, headers: Record<string, string> = {}) {
  const server = createServer((_, response) => response.writeHead(200, headers).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nowhere = { kafkaBrokers: [], schemaRegistryUrl: undefined, databaseUrl: undefined };
const addressesOf = (url: string) => ({
  addresses: { ...nowhere, services: { 'key-vault': url } },
});

const partition = (changes: Partial<PartitionLag>): PartitionLag => ({
  ...{ topic: 't.v1', partition: 0, next: 5, end: 5, records: 0, behindSeconds: 0 },
  ...{ owner: 'ward/1', held: null, stops: [] },
  ...changes,
});

async function findingsAbout(
  name: string,
  changes: Partial<PartitionLag>,
  parked = 0,
  state = 'live',
): Promise<readonly Finding[]> {
  const answer: LagAnswer = {
    service: 'emergency-ward',
    readModels: [
      {
        ...{ projection: 'measurements', version: 1, state, partitions: [partition(changes)] },
        gates: { open: 0, withheld: 0, parked, 'catching-up': 0 },
      },
    ],
  };
  process.env['EMERGENCY_WARD_URL'] = await serviceThatSays(JSON.stringify(answer));
  try {
    const operator = { service: 'emergency-ward', client: 'operator', json: false } as const;
    const check = readModelChecks({ operator }).find((one) => one.name === name);
    if (check === undefined) throw new Error(`no check of ${name}`);
    return await check.look();
  } finally {
    delete process.env['EMERGENCY_WARD_URL'];
  }
}
const since = '2026-03-08T12:00:00.000Z';

describe('doctor names what a service tells', () => {
  it.each(['lag', 'holds', 'log and database', 'parked'])(
    'nothing of %s where all is well',
    async (name) => {
      expect(await findingsAbout(name, {})).toMatchObject([{ verdict: 'ok' }]);
    },
  );

  it('a read model that is behind, unless it is being built', async () => {
    const behind = { records: 40, behindSeconds: 61 };
    expect(await findingsAbout('lag', behind)).toEqual([
      {
        verdict: 'warning',
        what: 'emergency-ward measurements v1 is 40 records, 61 s behind',
        mend: expect.stringContaining('samspill lag --watch') as string,
      },
    ]);
    expect(await findingsAbout('lag', behind, 0, 'building')).toMatchObject([{ verdict: 'ok' }]);
  });

  it('a partition that is held', async () => {
    const held = { code: 'KEY_VAULT_UNAVAILABLE', since };
    expect(await findingsAbout('holds', { held })).toMatchObject([
      {
        verdict: 'problem',
        what: expect.stringContaining('held for KEY_VAULT_UNAVAILABLE since') as string,
        mend: expect.stringContaining('see whether the key vault runs') as string,
      },
    ]);
  });

  it('a partition that stopped since many would be parked', async () => {
    const stop = { code: 'ROW_REFUSED', since, catchingUp: false, atOffset: 7 };
    expect(await findingsAbout('holds', { stops: [stop] })).toMatchObject([
      {
        verdict: 'problem',
        what: expect.stringContaining('1 partition stopped for ROW_REFUSED') as string,
        mend: expect.stringContaining(
          'samspill parked accept --service emergency-ward --projection measurements --code ROW_REFUSED',
        ) as string,
      },
    ]);
  });

  it('a log that is not that of the database', async () => {
    expect(await findingsAbout('log and database', { next: 9, end: 5 })).toMatchObject([
      {
        verdict: 'problem',
        mend: expect.stringContaining(
          'samspill rebuild start emergency-ward measurements',
        ) as string,
      },
    ]);
  });

  it('patients who are parked', async () => {
    expect(await findingsAbout('parked', {}, 3)).toEqual([
      {
        verdict: 'warning',
        what: '3 patients are parked in emergency-ward measurements v1',
        mend: 'samspill parked list --service emergency-ward',
      },
    ]);
  });

  it('facts of the key vault that do not reach the log', async () => {
    const page = (seconds: number): string =>
      `key_vault_outbox_waiting{service="key-vault"} 2\nkey_vault_outbox_waiting_seconds{service="key-vault"} ${seconds}\n`;
    const look = async (seconds: number) =>
      outboxCheck(addressesOf(await serviceThatSays(page(seconds)))).look();
    expect(await look(1)).toMatchObject([{ verdict: 'ok' }]);
    expect(await look(95)).toMatchObject([
      {
        verdict: 'problem',
        what: '2 facts (grants, shreds) wait for the log, the oldest for 95 s',
        mend: expect.stringContaining('bring Kafka back') as string,
      },
    ]);
  });

  it.each([
    [0, 'ok', /^as that of key-vault$/],
    [-10_000, 'warning', /^key-vault is \d+ s behind this machine$/],
    [300_000, 'problem', /^key-vault is (299|300|301) s ahead of this machine$/],
  ])('a clock that is %i ms off', async (ms, verdict, what) => {
    const date = new Date(Date.now() + ms).toUTCString();
    const url = await serviceThatSays('', { date });
    expect(await clockCheck(addressesOf(url)).look()).toMatchObject([
      { verdict, what: expect.stringMatching(what) as string },
    ]);
  });
});
