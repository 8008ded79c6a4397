import type { Client } from 'pg';
import { startConnectWorker } from '../connect/connect-worker.ts';
import type { Sinks } from '../connect/find-sinks.ts';
import { startSink } from '../connect/jdbc-sink.ts';
import type { BenchOptions } from '../frame/benchmark.ts';
import { startOurs } from '../materialise/start-ours.ts';
import type { MeteredPart } from '../meters/meter.ts';
import type { TimeForm } from '../rows/flat-row.ts';
import type { Loaded, RowForm } from '../rows/loading.ts';
import { createRowTable } from '../rows/row-table.ts';
import type { BenchServers } from '../servers/start-servers.ts';

/** Who keeps a table fresh. Each of its processes goes on where the last one left off. */
export interface FreshContender {
  readonly name: string;
  readonly form: RowForm;
  /** With its schema. */
  readonly table: string;
  readonly times: TimeForm;
  /** Starts a process that follows the topic; the table is there once it resolves. */
  start(): Promise<Following>;
}

export interface Following {
  readonly parts: Readonly<Record<string, MeteredPart>>;
  /** Answers with the CPU profile as text where it was profiled. */
  end(): Promise<string | undefined>;
}

export interface FreshGround {
  readonly servers: BenchServers;
  readonly options: BenchOptions;
  readonly db: Client;
  readonly loaded: ReadonlyMap<RowForm, Loaded>;
}

export function oursFresh(
  { servers, options, loaded }: FreshGround,
  form: 'clear' | 'sealed',
): FreshContender {
  const schema = `ours_${form}`;
  const keyVault = servers.parts['key vault'];
  return {
    name: form === 'sealed' ? 'ours, sealed' : 'ours, unsealed',
    form,
    table: `${schema}.measurement_row_v1`,
    times: 'timestamptz',
    start: async () => {
      const topic = loaded.get(form)?.topic ?? '';
      const ours = await startOurs(servers, options, { topic, form });
      await ours.tell('follow', { schema }).catch(async (error: unknown) => {
        await ours.end();
        throw error;
      });
      return {
        parts: { consumer: { pid: ours.pid }, ...(form === 'sealed' && { 'key vault': keyVault }) },
        end: () => ours.end(),
      };
    },
  };
}

export function sinkFresh(
  { servers, options, db, loaded }: FreshGround,
  { setting, programs }: Sinks['contenders'][number],
): FreshContender {
  const { stack, databaseUrl } = servers;
  const { folder, signal } = options;
  const { name, times } = setting;
  const table = `sink_${times}.measurement_row`;
  let isMade = false;
  return {
    name,
    form: times,
    table,
    times,
    start: async () => {
      if (!isMade) {
        const [schema = '', tableName = ''] = table.split('.');
        await createRowTable(db, { schema, name: tableName, idType: 'text', times });
        isMade = true;
      }
      const worker = await startConnectWorker({ ...programs, stack, folder, signal });
      const topic = loaded.get(times)?.topic ?? '';
      const start = { name: `fresh-${times}`, topic, table, databaseUrl, stack, setting };
      await startSink(worker, start).catch(async (error: unknown) => {
        await worker.stop();
        throw error;
      });
      return {
        parts: { consumer: worker.part },
        end: async () => {
          await worker.stop();
          return undefined;
        },
      };
    },
  };
}
