import { SamspillError } from '@samspill/kernel';
import { chooseJava, findJava } from '@samspill/local-stack';
import { ok, problem, skipped, type Check, type Surroundings } from '../check.ts';
import { serversAreNamed } from './named-servers.ts';

/** What Kafka and the registry run on. */
export const javaCheck = ({ env }: Pick<Surroundings, 'env'>): Check => ({
  name: 'java',
  group: 'machine',
  look: async () => {
    if (serversAreNamed(env)) return [skipped('not needed: the environment names the servers')];
    try {
      const { version, path } = chooseJava(await findJava(env));
      return [ok(`version ${version ?? '?'}, ${path}`)];
    } catch (error) {
      if (!(error instanceof SamspillError)) throw error;
      return [problem(`no Java that fits: ${error.place ?? ''}`, error.mend)];
    }
  },
});
