import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runMaven } from './maven.ts';
import { allGone, noteProcess, type ServerProcess } from './process-life.ts';

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

/** What a file in the folder says; empty while it is not there. */
const saidIn = (name: string): string => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** The Maven that has been started, once its owner went on from there. */
const startedMaven = async (): Promise<ServerProcess> => {
  for await (const { filename } of watch(folder)) {
    if (filename === null) continue;
    const pid = saidIn('called') === '' ? 0 : Number(saidIn('pid'));
    const maven = pid > 0 ? noteProcess('maven', pid, 'SIGTERM') : undefined;
    if (maven !== undefined) return maven;
  }
  throw new Error('the folder is no longer watched');
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

  it('ends when the one that wanted the download is killed', async () => {
    installMaven(`echo $$ > ${join(folder, 'pid')}; exec sleep 600`);
    const started = startedMaven();
    const program = `
      import { writeFileSync } from 'node:fs';
      import { runMaven } from '${join(import.meta.dirname, 'maven.ts')}';
      const done = runMaven('a 1', 'copy', [], '/jvm/25/bin/java');
      writeFileSync('${join(folder, 'called')}', 'yes');
      await done;`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const tsconfig = resolve(import.meta.dirname, '../../../tsconfig.base.json');
    const owner = spawn(process.execPath, args, {
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
      stdio: 'inherit',
    });
    const maven = await started;
    owner.kill('SIGKILL');
    const ended = await allGone([maven], 10_000);
    if (!ended) process.kill(maven.pid, 'SIGKILL');
    expect(ended).toBe(true);
  });
});
