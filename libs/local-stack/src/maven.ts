import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { SamspillError } from '@samspill/kernel';
import { noteProcess } from './process-life.ts';
import { startReaper } from './reaper-link.ts';

/** The version is fixed, since Maven would otherwise ask for the newest each time. */
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const mendFor = (code: unknown, printed: string): string => {
  if (code === 'ENOENT') {
    return 'Maven (mvn) is not on PATH: install it (for example: apt-get install maven, brew install maven); a running Docker engine would do instead';
  }
  const said = printed
    .split('\n')
    .filter((line) => line.startsWith('[ERROR]') && !/e-run Maven|^\[ERROR\]\s*$/.test(line))
    .slice(0, 5);
  return `Maven said: ${said.join(' ') || printed.trim().slice(-500)}`;
};

/**
 * Downloads `what` by a goal of the dependency plugin on the given Java, with checksums enforced.
 * Maven ends when this process does. Raises DOWNLOAD_FAILED with Maven's own message.
 */
export const runMaven = async (
  what: string,
  goal: 'copy' | 'copy-dependencies',
  args: readonly string[],
  java: string,
): Promise<void> => {
  const reaper = startReaper();
  const done = new Promise<void>((resolve, reject) => {
    const { pid } = execFile(
      'mvn',
      ['-q', '-B', '-C', `${plugin}:${goal}`, ...args],
      {
        env: { ...process.env, JAVA_HOME: dirname(dirname(java)) },
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve();
          return;
        }
        const mend = mendFor(error.code, stripVTControlCharacters(stdout + stderr));
        reject(new SamspillError('DOWNLOAD_FAILED', { place: what, cause: error, mend }));
      },
    );
    const maven = pid === undefined ? undefined : noteProcess('maven', pid, 'SIGTERM');
    if (maven !== undefined) reaper.watch(maven);
  });
  await done.finally(() => reaper.close());
};
