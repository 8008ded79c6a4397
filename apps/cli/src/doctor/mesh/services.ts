import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@samspill/testing';
import { lastErrorIn } from '../../status/last-error.ts';
import { healthOf } from '../../status/mesh-part.ts';
import { serviceHealth } from '../../status/part-health.ts';
import { ok, problem, skipped, type Check, type Surroundings } from '../check.ts';

/** Each service is ready, or says what it lacks. */
export const serviceChecks = (surroundings: Pick<Surroundings, 'addresses' | 'dataDir'>): Check[] =>
  serviceNames.map((name) => ({ name, group: 'mesh', look: () => look(name, surroundings) }));

async function look(
  name: ServiceName,
  { addresses, dataDir }: Pick<Surroundings, 'addresses' | 'dataDir'>,
) {
  const url = addresses.services[name];
  if (url === undefined) return [skipped('no address is known')];
  const found = await serviceHealth(url);
  if (found.health === 'ready') return [ok(`ready at ${url}`)];
  const log = join(dataDir, 'logs', `${name}.log`);
  const last = await lastErrorIn(log);
  const said = last === null ? '' : `; its log ends with ${last.code} at ${last.at}`;
  const mends = found.lacks.flatMap((part) => mendOf[part] ?? []);
  const mend =
    mends.length > 0 ? mends.join('; ') : `see ${log}, then samspill down and samspill up`;
  return [problem(`${healthOf(found)} at ${url}${said}`, mend)];
}

/** Of what a service may lack, by its own names. */
const mendOf: Readonly<Record<string, string>> = {
  database: 'bring PostgreSQL back: see postgres here',
  eventLog: 'bring Kafka back: see kafka here',
  keyVault: 'bring the key vault back: see key-vault here',
  patientState:
    'wait until the service has read what was closed and destroyed; samspill lag shows how far it is',
};
