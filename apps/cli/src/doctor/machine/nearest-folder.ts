import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The folder itself where it is there, else the nearest above it that is: where it would be made. */
export async function nearestFolder(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? path : nearestFolder(dirname(path));
}
