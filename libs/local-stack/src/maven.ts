import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { SamspillError } from '@samspill/kernel';

/** The version is fixed, since Maven would otherwise ask for the newest each time. */
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const mendFor = (code: unknown, printed: string): string => {
  if (code === 'ENOENT') {
    return 'Maven (mvn) is not on PATH: install it (for example: apt-get install maven, brew install maven); a running Docker engine would do instead';
  }
  const said = printed
    .split('\n')
    .filter((line) => line.includes('ERROR'))
    .slice(0, 5);
  return `Maven said: ${said.join(' ').trim() || printed.trim().slice(-500)}`;
};

/**
 * Runs one goal of the dependency plugin on the given Java, with checksums enforced.
 * Raises DOWNLOAD_FAILED with Maven's own message.
 */
export const runMaven = async (
  goal: 'copy' | 'copy-dependencies',
  args: readonly string[],
  java: string,
): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(
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
        const mend = mendFor(error.code, stdout + stderr);
        reject(
          new SamspillError('DOWNLOAD_FAILED', { place: args.at(-1) ?? goal, cause: error, mend }),
        );
      },
    );
  });
