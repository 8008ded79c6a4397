import pg from 'pg';
import { findSinks } from '../connect/find-sinks.ts';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import { Samples } from '../frame/samples.ts';
import { loadTopics } from '../rows/load-topics.ts';
import { partitions } from '../rows/row-product.ts';
import { copyTurn } from './copy-turn.ts';
import { writeCsv } from '../rows/copy.ts';
import { copyWays } from './copy-ways.ts';
import { materialiseGoals } from './goals.ts';
import { loadedAs, type Ground } from './ground.ts';
import { oursTurn } from './ours-turn.ts';
import { sinkTurn } from './sink-turn.ts';

export const materialise: Benchmark = {
  name: 'materialise',
  title: 'from the log to rows',
  asks: 'How many rows a second come from the log into a table, and at what cost? Ours writes each event exactly once, with its checkpoint in the same transaction; sealed, it opens each by the key of its patient. The sink of Kafka Connect writes at least once. COPY is the floor: it reads a file, and no log.',
  goals: materialiseGoals,
  plots: [
    { name: 'rows', title: 'Rows a second', figure: 'rows a second' },
    { name: 'cpu', title: 'CPU time a million rows', figure: 'CPU a million rows' },
    { name: 'memory', title: 'Peak memory of the consumer', figure: 'peak memory of consumer' },
  ],
  run: runMaterialise,
};

async function runMaterialise(options: BenchOptions): Promise<Outcome> {
  const rows = options.rows ?? (options.isQuick ? 20_000 : 1_000_000);
  const samples = new Samples();
  const profiles: Record<string, string> = {};
  const sinks = await findSinks(options);
  const servers = await options.servers(sinks.brokerSettings);
  const db = new pg.Client({ connectionString: servers.databaseUrl });

  /** Few patients: all contenders. As many as rows: those whom that concerns. */
  const compete = async (patients: number, hasMany: boolean): Promise<void> => {
    const rivals = hasMany ? sinks.contenders.slice(-1) : sinks.contenders;
    const forms = [...rivals.map(({ setting }) => setting.times), 'clear', 'sealed'] as const;
    const loaded = await loadTopics(servers, options, { rows, patients }, forms, 'materialise');
    const ground: Ground = { servers, options, db, samples, patients, loaded };
    const files = hasMany ? [] : await writeCsv(loadedAs(ground, 'clear'), options.folder);
    const onProfile = (name: string, text: string): void => void (profiles[name] = text);
    const turns: Turn[] = [
      ...rivals.map((rival) => sinkTurn(ground, rival)),
      ...(hasMany ? [] : copyWays.map((way) => copyTurn(ground, way, files))),
      oursTurn(ground, 'clear', onProfile),
      oursTurn(ground, 'sealed', onProfile),
    ];
    await inTurn(options, turns, ({ name }, error) =>
      samples.fail({ contender: name, setting: { patients } }, messageOf(error)),
    );
  };

  try {
    await db.connect();
    await compete(Math.min(10_000, rows / 10), false);
    if (!options.isQuick) await compete(rows, true);
    return {
      setting: { rows, partitions },
      versions: {
        ...servers.versions,
        ...sinks.versions,
      },
      contenders: samples.results(),
      notRun: sinks.notRun,
      profiles,
    };
  } finally {
    await db.end().catch(() => undefined);
    await servers.stop();
  }
}
