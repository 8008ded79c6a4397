import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cachedServers } from '@samspill/local-stack';
import { ok, problem, skipped, warning, type Check, type Surroundings } from '../check.ts';
import { serversAreNamed } from './named-servers.ts';

const run = promisify(execFile);

/** Kafka and the registry, which are downloaded once by Maven. */
export const serverProgramsCheck = ({ env }: Pick<Surroundings, 'env'>): Check => ({
  name: 'server programs',
  group: 'machine',
  look: async () => {
    if (serversAreNamed(env)) return [skipped('not needed: the environment names the servers')];
    const servers = await cachedServers(env);
    const absent = servers.filter(({ isThere }) => !isThere);
    const namesOf = (some: typeof servers): string =>
      some.map(({ name, version }) => `${name} ${version}`).join(' and ');
    if (absent.length === 0) return [ok(`${namesOf(servers)} are downloaded`)];
    const isMavenThere = await run('mvn', ['--version'], { env }).then(
      () => true,
      () => false,
    );
    return [
      isMavenThere
        ? warning(`${namesOf(absent)} not downloaded yet`, 'samspill up, which downloads it once')
        : problem(
            `${namesOf(absent)} not downloaded yet, and Maven (mvn) is not on PATH`,
            'install Maven (for example: apt-get install maven, brew install maven)',
          ),
    ];
  },
});
