import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabase } from '@samspill/local-stack';
import type { MigrationDifference } from '@samspill/read-model';
import { serviceNames, type ServiceName } from '@samspill/testing';
import { checkout } from '../../mesh-addresses.ts';
import { operatedServices } from '../../operated-services.ts';
import { ok, problem, type Check, type Finding, type Surroundings } from '../check.ts';
import { databaseOf } from './service-database.ts';

/** As each service hands them to the migration at its start, beside those of the engine. */
async function foldersOf(service: ServiceName): Promise<string[]> {
  const { observationMigrations } = await import('@samspill/observations');
  const own = join(checkout, 'apps', service, 'migrations');
  const keepsObservations = operatedServices.some((one) => one === service);
  return [...(keepsObservations ? [observationMigrations] : []), ...(existsSync(own) ? [own] : [])];
}

/** The tables of each service are as this release makes them. */
export const migrationsCheck = ({ addresses }: Pick<Surroundings, 'addresses'>): Check => ({
  name: 'migrations',
  group: 'mesh',
  needs: ['postgres'],
  look: async () => {
    const found = await Promise.all(
      serviceNames.map((service) => findingsOf(service, addresses.databaseUrl ?? '')),
    );
    const wrong = found.flat();
    return wrong.length > 0 ? wrong : [ok('all are applied, in the database of each service')];
  },
});

async function findingsOf(service: ServiceName, databaseUrl: string): Promise<Finding[]> {
  const { url, schema } = databaseOf(service, databaseUrl);
  // Loaded here, since the engine takes its time and no other command needs it.
  const { migrationDifferences } = await import('@samspill/read-model');
  const folders = await foldersOf(service);
  const differences = await withDatabase(url, (db) =>
    migrationDifferences(db, { schema, folders }),
  );
  return differences.map(({ name, what }) =>
    problem(`${service}: ${name} ${words[what]}`, mends[what]),
  );
}

const words: Record<MigrationDifference['what'], string> = {
  changed: 'was changed after it was applied',
  'not applied': 'is not applied',
  'not known here': 'is applied, and this checkout does not have it',
};

const mends: Record<MigrationDifference['what'], string> = {
  changed: 'git checkout the file as it was, and add another migration',
  'not applied': 'samspill down, then samspill up: a service applies it at its start',
  'not known here': 'git pull: the database is of a newer release',
};
