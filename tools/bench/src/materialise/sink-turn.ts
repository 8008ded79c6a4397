import type { Turn } from '../frame/in-turn.ts';
import type { Sinks } from '../connect/find-sinks.ts';
import { startConnectWorker } from '../connect/connect-worker.ts';
import { startHeldSink } from '../connect/jdbc-sink.ts';
import { createRowTable } from '../rows/row-table.ts';
import { ages, loadedAs, type Ground } from './ground.ts';
import { race } from './race.ts';

/** Kafka Connect with the JDBC sink, in one setting. */
export function sinkTurn(ground: Ground, { setting, programs }: Sinks['contenders'][number]): Turn {
  const { servers, options, db, samples, patients } = ground;
  const { stack, databaseUrl } = servers;
  const { database, broker } = servers.parts;
  const loaded = loadedAs(ground, setting.times);
  const { signal, folder } = options;
  return {
    name: setting.name,
    work: async () => {
      const worker = await startConnectWorker({ ...programs, stack, folder, signal });
      const parts = { consumer: worker.part, database, broker };
      try {
        for (const process of ages) {
          const name = `rows_${process}_${Date.now()}`;
          const table = await createRowTable(db, {
            schema: 'sink',
            name,
            idType: 'text',
            times: setting.times,
          });
          const { topic } = loaded;
          const sink = await startHeldSink(worker, {
            name,
            topic,
            table,
            databaseUrl,
            stack,
            setting,
          });
          const go = (): Promise<void> => sink.go();
          const assertAtWork = (): Promise<void> => sink.assertAtWork();
          const measured = await race({ db, table, loaded, parts, go, assertAtWork, signal });
          samples.add({ contender: setting.name, setting: { patients, process } }, measured);
          await sink.remove();
        }
      } finally {
        await worker.stop();
        await db.query('DROP SCHEMA IF EXISTS sink CASCADE');
      }
    },
  };
}
