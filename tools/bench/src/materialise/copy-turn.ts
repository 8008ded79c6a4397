import type { Turn } from '../frame/in-turn.ts';
import { createRowTable } from '../rows/row-table.ts';
import type { CopyWay } from './copy-ways.ts';
import { loadedAs, type Ground } from './ground.ts';
import { race } from './race.ts';

/** COPY of the same rows from files into the same table as ours. */
export function copyTurn(ground: Ground, way: CopyWay, files: readonly string[]): Turn {
  const { servers, options, db, samples, patients } = ground;
  const loaded = loadedAs(ground, 'clear');
  const { database } = servers.parts;
  return {
    name: way.name,
    work: async () => {
      const table = await createRowTable(db, {
        schema: 'copied',
        name: 'measurement_row',
        idType: 'uuid',
        times: 'timestamptz',
      });
      const go = (): Promise<void> => way.copy(servers.databaseUrl, table, files);
      try {
        const measured = await race({
          db,
          table,
          loaded,
          parts: { database },
          go,
          signal: options.signal,
        });
        samples.add({ contender: way.name, setting: { patients } }, measured);
      } finally {
        await db.query('DROP SCHEMA copied CASCADE');
      }
    },
  };
}
