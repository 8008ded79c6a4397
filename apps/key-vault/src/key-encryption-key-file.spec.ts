import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyEncryptionKey } from './key-encryption-key-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samspill-kek-'));
  path = join(folder, 'secrets/kek');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the key-encryption key', () => {
  it('is made at the first start, for its owner alone, and is the same at the next', async () => {
    const made = await readKeyEncryptionKey(path, true);
    expect(made).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readKeyEncryptionKey(path, true)).toEqual(made);
    expect(await readKeyEncryptionKey(path, false)).toEqual(made);
  });

  it('is one when ten start at once, and nothing else is left behind', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => readKeyEncryptionKey(path, true)),
    );
    expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(join(folder, 'secrets'))).toEqual(['kek']);
  });

  it('is not made anew where one is missing', async () => {
    await expect(readKeyEncryptionKey(path, false)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([0o640, 0o604, 0o660])('is refused when others may read it: %o', async (mode) => {
    await readKeyEncryptionKey(path, true);
    await chmod(path, mode);
    await expect(readKeyEncryptionKey(path, false)).rejects.toThrow('chmod 600');
  });

  it('is refused when it is not 32 bytes', async () => {
    await readKeyEncryptionKey(path, true);
    await writeFile(path, Buffer.alloc(31));
    await expect(readKeyEncryptionKey(path, false)).rejects.toThrow('32 bytes');
  });
});
