import { withClient } from '../evidence/with-client.ts';
import { killed, type Fault } from './fault.ts';

const shortly = [500, 8_000] as const;

export const serverFaults: readonly Fault[] = [
  {
    // Immediate shutdown: no checkpoint, and recovery at the next start.
    name: 'stop-postgres-at-once',
    areas: ['postgres', 'registry'],
    lastsMs: shortly,
    inject: (ground) => Promise.resolve(killed(ground, 'postgres', 'SIGQUIT')),
  },
  {
    name: 'kill-postgres',
    areas: ['postgres', 'registry'],
    lastsMs: shortly,
    inject: (ground) => Promise.resolve(killed(ground, 'postgres')),
  },
  {
    name: 'terminate-backends',
    areas: ['postgres'],
    lastsMs: [0, 0],
    inject: async ({ mesh }) => {
      const { rowCount } = await withClient(mesh.databaseUrls['emergency-ward'], (db) =>
        db.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
        ),
      );
      return { detail: `${rowCount ?? 0} backends`, heal: () => Promise.resolve() };
    },
  },
  {
    name: 'kill-registry',
    areas: ['registry'],
    lastsMs: shortly,
    inject: (ground) => Promise.resolve(killed(ground, 'registry')),
  },
];
