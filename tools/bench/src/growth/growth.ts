import pg from 'pg';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import { Samples, type Measured } from '../frame/samples.ts';
import { race } from '../materialise/race.ts';
import { startOurs } from '../materialise/start-ours.ts';
import type { Loaded } from '../rows/loading.ts';
import { startServers, type BenchServers } from '../servers/start-servers.ts';
import { appendRows } from './append-rows.ts';
import { growthGoals } from './goals.ts';
import { loadSizes, type Sizes } from './load-sizes.ts';
import { restartToCaughtUp } from './restart.ts';

/** Came in while the process was down: a minute of a city. */
const appended = 600;
/** The largest takes minutes, and is no race. */
const runsMax = 2;

export const growth: Benchmark = {
  name: 'growth',
  title: 'ten and a hundred times as many events',
  asks: `Does an event cost more when there are more of them? Our materialiser takes sealed events from the start of a topic, and once more of a topic ten and a hundred times as long, in a fresh process each time. Then it is ended in good order, ${appended} events come, and it is started anew: how long does it take, from the start of the process, until they are rows? It is measured against itself, so twice at most.`,
  goals: growthGoals,
  plots: [
    { name: 'cpu', title: 'CPU time a million events', figure: 'CPU a million rows' },
    { name: 'memory', title: 'Peak memory of the consumer', figure: 'peak memory of consumer' },
    { name: 'restart', title: 'Restart to caught up', figure: 'restart to caught up' },
  ],
  run: runGrowth,
};

function sizesOf({ isQuick, rows = isQuick ? 5_000 : 10_000_000 }: BenchOptions): Sizes {
  const all = [
    ['a hundredth', Math.ceil(rows / 100)],
    ['a tenth', Math.ceil(rows / 10)],
    ['all', rows],
  ] as const;
  return new Map(isQuick ? all.slice(2) : all);
}

async function runGrowth(options: BenchOptions): Promise<Outcome> {
  const sizes = sizesOf(options);
  const patients = Math.min(10_000, ...sizes.values());
  const samples = new Samples();
  const servers = await startServers(options);
  const db = new pg.Client({ connectionString: servers.databaseUrl });
  const runs = Math.min(options.runs, runsMax);
  try {
    await db.connect();
    const loaded = new Map(await loadSizes(servers, options, sizes, patients));
    const turns = [...sizes.keys()].map((name): Turn => ({
      name,
      work: async () => {
        const topic = loaded.get(name);
        if (topic === undefined) throw new Error(`no topic of ${name}`);
        const grown = await grow(servers, options, db, topic);
        loaded.set(name, grown.loaded);
        samples.add({ contender: name, setting: {} }, grown.measured);
      },
    }));
    await inTurn({ ...options, runs }, turns, ({ name }, error) =>
      samples.fail({ contender: name, setting: {} }, messageOf(error)),
    );
    return {
      setting: { patients, 'runs of each': runs },
      versions: servers.versions,
      contenders: samples.results(),
      notRun: {},
    };
  } finally {
    await db.end().catch(() => undefined);
    await servers.stop();
  }
}

/** Takes a topic from its start, is ended, and takes what was appended meanwhile. */
async function grow(
  servers: BenchServers,
  options: BenchOptions,
  db: pg.Client,
  before: Loaded,
): Promise<{ loaded: Loaded; measured: Measured[] }> {
  const schema = 'growth';
  const table = `${schema}.measurement_row_v1`;
  const { database, broker, 'key vault': keyVault } = servers.parts;
  const { signal } = options;
  try {
    const ours = await startOurs(servers, options, { topic: before.topic, form: 'sealed' });
    const parts = { consumer: { pid: ours.pid }, database, 'key vault': keyVault, broker };
    let measured: Measured[];
    try {
      await ours.tell('arm', { schema });
      const go = (): Promise<void> => ours.tell('go');
      measured = await race({ db, table, loaded: before, parts, go, signal });
      await ours.tell('disarm');
    } finally {
      await ours.end();
    }
    const loaded = await appendRows(servers, before, appended);
    const restart = await restartToCaughtUp(servers, options, db, { schema, table, loaded });
    const events = { name: 'events', unit: 'events', value: before.rows };
    return { loaded, measured: [events, restart, ...measured] };
  } finally {
    await db.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }
}
