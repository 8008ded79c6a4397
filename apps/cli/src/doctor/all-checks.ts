import { checkout } from '../mesh-addresses.ts';
import { skipped, type Check, type Surroundings } from './check.ts';
import { dataFolderCheck } from './machine/data-folder.ts';
import { diskSpaceCheck } from './machine/disk-space.ts';
import { generatedCodeCheck } from './machine/generated-code.ts';
import { javaCheck } from './machine/java.ts';
import { leftoversCheck } from './machine/leftovers.ts';
import { memoryCheck } from './machine/memory.ts';
import { nodeVersionCheck } from './machine/node-version.ts';
import { openFilesCheck } from './machine/open-files.ts';
import { portsCheck } from './machine/ports.ts';
import { serverProgramsCheck } from './machine/server-programs.ts';
import { clockCheck } from './mesh/clock.ts';
import { keyReadBackCheck } from './mesh/key-read-back.ts';
import { migrationsCheck } from './mesh/migrations.ts';
import { outboxCheck } from './mesh/outbox.ts';
import { readModelChecks } from './mesh/read-models.ts';
import { serverChecks, type ServerChecks } from './mesh/servers.ts';
import { serviceChecks } from './mesh/services.ts';
import { subjectsCheck } from './mesh/subjects.ts';
import { topicsCheck } from './mesh/topics.ts';

/** Every check, in the order in which they are shown: what others hang on comes first. */
export function allChecks(surroundings: Surroundings): ServerChecks {
  const servers = serverChecks(surroundings.addresses);
  return {
    answers: servers.answers,
    checks: [
      ...machineChecks(surroundings),
      ...servers.checks,
      topicsCheck(surroundings),
      subjectsCheck(surroundings),
      migrationsCheck(surroundings),
      ...serviceChecks(surroundings),
      keyReadBackCheck(surroundings),
      outboxCheck(surroundings),
      clockCheck(surroundings),
      ...readModelChecks(surroundings),
    ],
  };
}

/** By which one check is asked for. */
export const checkNames = (): string[] =>
  allChecks({
    env: {},
    dataDir: '',
    addresses: {
      ...{ kafkaBrokers: [], schemaRegistryUrl: undefined, databaseUrl: undefined },
      services: {},
    },
    runs: false,
    operator: { client: '', json: false },
  }).checks.map(({ name }) => name);

/** All of them, but for those that would say one after the other that there is no mesh. */
export function checksWorthwhile(
  checks: readonly Check[],
  { addresses }: Surroundings,
): readonly Check[] {
  const { kafkaBrokers, schemaRegistryUrl, databaseUrl, services } = addresses;
  const known = [...kafkaBrokers, schemaRegistryUrl, databaseUrl, ...Object.values(services)];
  if (known.some((address) => address !== undefined)) return checks;
  const down = skipped('is down; samspill up starts it');
  return [
    ...checks.filter(({ group }) => group === 'machine'),
    { name: 'mesh', group: 'mesh', look: () => [down] },
  ];
}

const machineChecks = (surroundings: Surroundings): Check[] => [
  nodeVersionCheck(),
  javaCheck(surroundings),
  serverProgramsCheck(surroundings),
  diskSpaceCheck(surroundings),
  memoryCheck(surroundings),
  openFilesCheck(),
  dataFolderCheck(surroundings),
  leftoversCheck(surroundings),
  portsCheck(surroundings),
  generatedCodeCheck(checkout),
];
