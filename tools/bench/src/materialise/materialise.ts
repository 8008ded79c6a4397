import { join } from 'node:path';
import pg from 'pg';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import { Samples } from '../frame/samples.ts';
import { startProgram } from '../programs/start-program.ts';
import type { Load, Loaded, LoaderOrders, RowForm } from '../rows/loading.ts';
import { partitions } from '../rows/row-product.ts';
import { startServers, type BenchServers } from '../servers/start-servers.ts';
import { startOurs } from './ours.ts';
import { race } from './race.ts';

const name = 'materialise';

/** What the turns of one patient count have at hand. */
interface Ground {
  readonly servers: BenchServers;
  readonly options: BenchOptions;
  readonly db: pg.Client;
  readonly samples: Samples;
  readonly patients: number;
  readonly loaded: ReadonlyMap<RowForm, Loaded>;
}

export const materialise: Benchmark = {
  name,
  title: 'from the log to rows',
  asks: 'How many rows a second come from the log into a table, and what do they cost?',
  goals: [],
  plots: [{ name: 'rows', title: 'Rows a second', figure: 'rows a second' }],
  run: runMaterialise,
};

async function runMaterialise(options: BenchOptions): Promise<Outcome> {
  const rows = options.rows ?? (options.isQuick ? 20_000 : 1_000_000);
  const samples = new Samples();
  const servers = await startServers(options);
  const db = new pg.Client({ connectionString: servers.databaseUrl });
  const profiles: Record<string, string> = {};
  try {
    await db.connect();
    for (const patients of [Math.min(10_000, rows), rows].slice(0, options.isQuick ? 1 : 2)) {
      const loaded = await loadAll(servers, options, { rows, patients });
      const ground = { servers, options, db, samples, patients, loaded };
      const turns = (['clear', 'sealed'] as const).map((form) => oursTurn(ground, form, profiles));
      await inTurn(options, turns, (turn, error) =>
        samples.fail({ contender: turn.name, setting: { patients } }, messageOf(error)),
      );
    }
    return {
      setting: { rows, partitions },
      versions: servers.versions,
      contenders: samples.results(),
      notRun: {},
      profiles,
    };
  } finally {
    await db.end().catch(() => undefined);
    await servers.stop();
  }
}

/** Fills a topic of each form, one after the other. */
async function loadAll(
  { stack, keyVaultUrl }: BenchServers,
  { folder, signal, say }: BenchOptions,
  { rows, patients }: Pick<Load, 'rows' | 'patients'>,
): Promise<Map<RowForm, Loaded>> {
  const { kafkaBrokers, schemaRegistryUrl } = stack;
  const loader = await startProgram<LoaderOrders>({
    name: 'loader',
    file: join(import.meta.dirname, '../rows/load.program.ts'),
    setting: { kafkaBrokers, schemaRegistryUrl, keyVaultUrl },
    folder,
    signal,
  });
  const loaded = new Map<RowForm, Loaded>();
  for (const form of ['clear', 'sealed'] as const) {
    const began = performance.now();
    const topic = `bench.${form}-row.of-${patients}-patients`;
    loaded.set(form, await loader.tell('load', { topic, form, rows, patients }));
    const seconds = (performance.now() - began) / 1_000;
    say(`${rows} rows of ${patients} patients loaded, ${form}: ${seconds.toFixed(1)} s`);
  }
  await loader.end();
  return loaded;
}

function oursTurn(
  { servers, options, db, samples, patients, loaded }: Ground,
  form: 'clear' | 'sealed',
  profiles: Record<string, string>,
): Turn {
  const contender = form === 'sealed' ? 'ours, sealed' : 'ours, unsealed';
  const { database, broker } = servers.parts;
  return {
    name: contender,
    work: async () => {
      const from = loaded.get(form);
      if (from === undefined) throw new Error(`no topic of form ${form}`);
      const ours = await startOurs(servers, options, from as Loaded & { form: 'clear' | 'sealed' });
      const parts = {
        consumer: { pid: ours.pid },
        database,
        ...(form === 'sealed' && { 'key vault': servers.parts['key vault'] }),
        broker,
      };
      try {
        for (const process of ['cold', 'warm'] as const) {
          const schema = `ours_${form}_${process}`;
          await ours.tell('arm', { schema });
          const table = `${schema}.measurement_row_v1`;
          const go = (): Promise<void> => ours.tell('go');
          const measured = await race({
            db,
            table,
            loaded: from,
            parts,
            go,
            signal: options.signal,
          });
          samples.add({ contender, setting: { patients, process } }, measured);
          await ours.tell('disarm');
          await db.query(`DROP SCHEMA ${schema} CASCADE`);
        }
      } finally {
        const profile = await ours.end();
        if (profile !== undefined) profiles[`ours-${form}`] = profile;
      }
    },
  };
}
