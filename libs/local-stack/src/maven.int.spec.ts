import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runMaven } from './maven.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samspill-maven-'));
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const installMaven = (script: string): void => {
  writeFileSync(join(folder, 'mvn'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'mvn'), 0o755);
};

describe('Maven', () => {
  it('runs on the Java that was chosen, with checksums enforced', async () => {
    installMaven(`test "$JAVA_HOME" = /jvm/25 && echo "$@" | grep -q -e ' -C '`);
    await expect(runMaven('a 1', 'copy', ['-Dartifact=a:b:1'], '/jvm/25/bin/java')).resolves.toBe(
      undefined,
    );
  });

  it('is quoted when it fails', async () => {
    installMaven(`echo '[INFO] trying'; echo '[ERROR] Could not find artifact a:b:1'; exit 1`);
    await expect(runMaven('a 1', 'copy', ['-Dartifact=a:b:1'], '/jvm/25/bin/java')).rejects.toThrow(
      /DOWNLOAD_FAILED: a 1: .*Maven said: \[ERROR\] Could not find artifact a:b:1/,
    );
  });

  it('is asked for by name where it is not installed', async () => {
    vi.stubEnv('PATH', folder);
    await expect(runMaven('a 1', 'copy', [], '/jvm/25/bin/java')).rejects.toThrow(
      /Maven \(mvn\) is not on PATH: install it/,
    );
  });
});
