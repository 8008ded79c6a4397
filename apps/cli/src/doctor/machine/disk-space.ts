import { statfs } from 'node:fs/promises';
import { nearestFolder } from './nearest-folder.ts';
import { ok, problem, warning, type Check, type Surroundings } from '../check.ts';
import { gibibytes } from './gibibytes.ts';

/** Bytes; where less is free it is told so. */
export interface Least {
  readonly warning: number;
  readonly problem: number;
}

const usual: Least = { warning: 5 * 2 ** 30, problem: 2 ** 30 };

/** Where Kafka and PostgreSQL keep their data; a full disk ends both. */
export const diskSpaceCheck = (
  { dataDir }: Pick<Surroundings, 'dataDir'>,
  least = usual,
): Check => ({
  name: 'disk space',
  group: 'machine',
  look: async () => {
    const folder = await nearestFolder(dataDir);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const what = `${gibibytes(free)} free below ${folder}`;
    if (free >= least.warning) return [ok(what)];
    const mend = 'make room, or keep the data elsewhere by --data-dir FOLDER';
    return [free < least.problem ? problem(what, mend) : warning(what, mend)];
  },
});
