import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installWhatIsMissing, isInstalled } from '../install.mjs';

type Packages = Record<string, { version: string; optional?: boolean }>;

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'samspill-install-'));
  mkdirSync(join(top, 'node_modules'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const lock = (packages: Packages): void =>
  writeFileSync(join(top, 'package-lock.json'), JSON.stringify({ packages }));
const held = (packages: Packages): void =>
  writeFileSync(join(top, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));

const wanted: Packages = {
  '': { version: '0.1.0' },
  'node_modules/pg': { version: '8.1.0' },
  'node_modules/for-another-platform': { version: '1.0.0', optional: true },
};

describe('what is installed', () => {
  it('fits when it holds what the lock file says, but for optional packages', () => {
    lock(wanted);
    held({ 'node_modules/pg': { version: '8.1.0' } });
    expect(isInstalled(top)).toBe(true);
  });

  it('does not fit when a package has another version', () => {
    lock(wanted);
    held({ 'node_modules/pg': { version: '8.0.0' } });
    expect(isInstalled(top)).toBe(false);
  });

  it('does not fit when a package is absent', () => {
    lock(wanted);
    held({});
    expect(isInstalled(top)).toBe(false);
  });

  it('does not fit when an installation was interrupted, so that npm has not written its record', () => {
    lock(wanted);
    expect(isInstalled(top)).toBe(false);
  });
});

it('installs nothing where node_modules is a link: npm ci would empty the folder of another checkout', async () => {
  const others = mkdtempSync(join(tmpdir(), 'samspill-others-'));
  writeFileSync(join(others, 'theirs'), '');
  rmSync(join(top, 'node_modules'), { recursive: true });
  symlinkSync(others, join(top, 'node_modules'));
  lock(wanted);
  try {
    await expect(installWhatIsMissing(top)).rejects.toThrow(/is a link.*To mend: remove the link/);
    expect(readdirSync(others)).toEqual(['theirs']);
  } finally {
    rmSync(others, { recursive: true });
  }
});
