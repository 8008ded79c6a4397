import pg from 'pg';
import { findSinks } from '../connect/find-sinks.ts';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf } from '../frame/in-turn.ts';
import { Samples } from '../frame/samples.ts';
import { loadTopics } from '../rows/load-topics.ts';
import { oursFresh, sinkFresh, type FreshGround } from './contender.ts';
import { freshTurn, type Sizes } from './fresh-turn.ts';
import { freshnessGoals } from './goals.ts';
import { eventsPerMs } from './observer-orders.ts';

export const freshness: Benchmark = {
  name: 'freshness',
  title: 'from produced to visible',
  asks: 'At 1,000 events a second, how long after an event was due to be produced can its row be seen? Five events are due each 5 ms, whatever became of those before; who looks does so each 10 ms, so that some 5 ms of every time are the looking.',
  goals: freshnessGoals,
  plots: [
    { name: 'p50', title: 'Half of all rows are seen within', figure: 'p50' },
    { name: 'p99', title: '99 of 100 rows are seen within', figure: 'p99' },
  ],
  run: runFreshness,
};

const full: Sizes = {
  patients: 10_000,
  rows: 1_000_000,
  burst: 100_000,
  leadMs: 5_000,
  lastsMs: 30_000,
};
const quick: Sizes = { patients: 1_000, rows: 10_000, burst: 2_000, leadMs: 500, lastsMs: 5_000 };

async function runFreshness(options: BenchOptions): Promise<Outcome> {
  const usual = options.isQuick ? quick : full;
  const sizes: Sizes = { ...usual, rows: options.rows ?? usual.rows };
  const { patients } = sizes;
  const samples = new Samples();
  const profiles: Record<string, string> = {};
  const sinks = await findSinks(options);
  const servers = await options.servers(sinks.brokerSettings);
  const db = new pg.Client({ connectionString: servers.databaseUrl });
  try {
    await db.connect();
    const forms = [
      ...sinks.contenders.map(({ setting }) => setting.times),
      'clear',
      'sealed',
    ] as const;
    // Empty, with all that producing into them needs.
    const loaded = await loadTopics(servers, options, { rows: 0, patients }, forms, 'freshness');
    const ground: FreshGround = { servers, options, db, loaded };
    const contenders = [
      ...sinks.contenders.map((one) => sinkFresh(ground, one)),
      oursFresh(ground, 'clear'),
      oursFresh(ground, 'sealed'),
    ];
    const turns = contenders.map((one) =>
      freshTurn(ground, sizes, one, {
        onMeasured: (measured) => samples.add({ contender: one.name, setting: {} }, measured),
        onProfile: (text) => void (profiles[`ours-${one.form}`] = text),
      }),
    );
    await inTurn(options, turns, ({ name }, error) =>
      samples.fail({ contender: name, setting: {} }, messageOf(error)),
    );
    return {
      setting: {
        'events a second': eventsPerMs * 1_000,
        seconds: sizes.lastsMs / 1_000,
        patients,
        'rows before': sizes.rows,
      },
      versions: { ...servers.versions, ...sinks.versions },
      contenders: samples.results(),
      notRun: sinks.notRun,
      profiles,
    };
  } finally {
    await db.end().catch(() => undefined);
    await servers.stop();
  }
}
