import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, digestOf, isObtained, obtain, type Artifact } from './artifact.ts';

let cache: string;
let fetched: number;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'samspill-cache-'));
  fetched = 0;
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

// printf '%s a.jar\n%s b.jar\n' "$(printf first | sha256sum | cut -c1-64)" "$(printf second | sha256sum | cut -c1-64)" | sha256sum
const digest = '165f0e492c2669d8d3611b968aeeb468d1b764cdb150133ac9ce0d2951f8b5e9';

const jars = (second = 'second'): Artifact => ({
  name: 'jars',
  version: '1',
  digest,
  fetch: async (folder) => {
    fetched += 1;
    await writeFile(join(folder, 'b.jar'), second);
    await writeFile(join(folder, 'a.jar'), 'first');
  },
});

describe('an artifact', () => {
  it('is fetched once, then taken from the cache', async () => {
    expect(await isObtained(jars(), cache)).toBe(false);
    const folder = await obtain(jars(), cache, () => undefined);
    expect(await isObtained(jars(), cache)).toBe(true);
    expect(readFileSync(join(folder, 'b.jar'), 'utf8')).toBe('second');
    expect(await obtain(jars(), cache, () => undefined)).toBe(folder);
    expect(fetched).toBe(1);
  });

  it('is refused and not kept when a byte differs', async () => {
    await expect(obtain(jars('Second'), cache, () => undefined)).rejects.toThrow(
      /DOWNLOAD_FAILED: jars 1: .*expected/,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  it('leaves nothing behind when it cannot be fetched', async () => {
    const failing: Artifact = { ...jars(), fetch: () => Promise.reject(new Error('no network')) };
    await expect(obtain(failing, cache, () => undefined)).rejects.toThrow('no network');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is unpacked only after it was verified', async () => {
    const unpacked: string[] = [];
    const unpack = (folder: string): Promise<void> => {
      unpacked.push(folder);
      return Promise.resolve();
    };
    await expect(obtain({ ...jars('other'), unpack }, cache, () => undefined)).rejects.toThrow();
    expect(unpacked).toEqual([]);
    await obtain({ ...jars(), unpack }, cache, () => undefined);
    expect(unpacked).toHaveLength(1);
  });

  it('is whole for both when two fetch it at once', async () => {
    const folders = await Promise.all([
      obtain(jars(), cache, () => undefined),
      obtain(jars(), cache, () => undefined),
    ]);
    expect(folders[0]).toBe(folders[1]);
    expect(await digestOf(folders[0])).toBe(digest);
    expect(readdirSync(cache)).toEqual(['jars-1']);
  });
});

describe('the cache', () => {
  it('is outside the checkout, and follows XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/elsewhere' })).toBe('/elsewhere/samspill');
    expect(existsSync(join(cacheFolder({}), 'package.json'))).toBe(false);
    expect(cacheFolder({})).toMatch(/\.cache\/samspill$/);
  });
});
