import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, problem, type Check, type Finding, type Surroundings } from '../check.ts';
import { nearestFolder } from './nearest-folder.ts';

/** Where data, secrets and logs are kept: a folder that can be written, whose secrets nobody else reads. */
export const dataFolderCheck = ({ dataDir }: Pick<Surroundings, 'dataDir'>): Check => ({
  name: 'data folder',
  group: 'machine',
  look: async () => {
    const folder = await nearestFolder(dataDir);
    if (!(await stat(folder)).isDirectory()) {
      return [problem(`${folder} is no folder`, 'name another by --data-dir FOLDER')];
    }
    const canWrite = await access(folder, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!canWrite) {
      return [
        problem(`${folder} cannot be written`, `chmod u+rwx ${folder}, or --data-dir FOLDER`),
      ];
    }
    const open = await openSecret(join(dataDir, 'secrets/kek'));
    return [open ?? ok(folder === dataDir ? dataDir : `${dataDir}, not made yet`)];
  },
});

/** The key that all others are wrapped by. */
async function openSecret(path: string): Promise<Finding | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (found.mode & 0o077) === 0) return undefined;
  return problem(`${path} can be read by others than its owner`, `chmod 600 ${path}`);
}
