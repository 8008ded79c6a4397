import type { Turn } from '../frame/in-turn.ts';
import { ages, loadedAs, type Ground } from './ground.ts';
import type { OursSetting } from './ours-orders.ts';
import { startOurs } from './start-ours.ts';
import { race } from './race.ts';

const nameOf = { clear: 'ours, unsealed', sealed: 'ours, sealed' } as const;

/** Our materialiser. Its CPU profile, where it was profiled, is handed to `onProfile`. */
export function oursTurn(
  ground: Ground,
  form: OursSetting['form'],
  onProfile: (contender: string, text: string) => void,
): Turn {
  const { servers, options, db, samples, patients } = ground;
  const loaded = loadedAs(ground, form);
  const { database, broker, 'key vault': keyVault } = servers.parts;
  const contender = nameOf[form];
  return {
    name: contender,
    work: async () => {
      const ours = await startOurs(servers, options, { topic: loaded.topic, form });
      const consumer = { pid: ours.pid };
      const parts = {
        consumer,
        database,
        ...(form === 'sealed' && { 'key vault': keyVault }),
        broker,
      };
      const { signal } = options;
      const go = (): Promise<void> => ours.tell('go');
      try {
        for (const process of ages) {
          const schema = `ours_${form}_${process}`;
          const table = `${schema}.measurement_row_v1`;
          await ours.tell('arm', { schema });
          const measured = await race({ db, table, loaded, parts, go, signal });
          samples.add({ contender, setting: { patients, process } }, measured);
          await ours.tell('disarm');
          await db.query(`DROP SCHEMA ${schema} CASCADE`);
        }
      } finally {
        const profile = await ours.end();
        if (profile !== undefined) onProfile(`ours-${form}`, profile);
        await db.query(
          ages.map((age) => `DROP SCHEMA IF EXISTS ours_${form}_${age} CASCADE`).join(';'),
        );
      }
    },
  };
}
