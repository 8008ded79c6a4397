import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SamspillError } from '@samspill/kernel';

const keyBytes = 32;

const refusal = (path: string, mend: string, cause?: unknown): SamspillError =>
  new SamspillError('CONFIG_INVALID', { place: `SAMSPILL_KEK_FILE ${path}`, mend, cause });

/**
 * The key-encryption key of a file that only its owner may read: 32 bytes. `mayCreate`: make it where it is absent,
 * for the first start; two that start at once get the same. Rejects with CONFIG_INVALID.
 */
export async function readKeyEncryptionKey(path: string, mayCreate: boolean): Promise<Buffer> {
  if (mayCreate) await createKey(path);
  const file = await open(path).catch((cause: unknown) => {
    throw refusal(path, 'put back the file that this database was made with', cause);
  });
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) throw refusal(path, 'let its owner alone read it: chmod 600');
    if (size !== keyBytes) throw refusal(path, `give a file of ${keyBytes} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

// Written aside and linked when complete: whoever sees the name sees the whole key.
async function createKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomUUID()}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(keyBytes));
    await file.sync();
    await link(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw refusal(path, 'let this user write there', error);
  } finally {
    await file.close();
    await rm(aside, { force: true });
  }
}

/** So that the name outlives a power failure too, like the keys in the database that hang on it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
