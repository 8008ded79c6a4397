import { execFile } from 'node:child_process';
import { globSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { javaVersionIn, type JavaCandidate } from './java-choice.ts';

const run = promisify(execFile);

const usualFolders = [
  '/usr/lib/jvm/*',
  '/opt/java*',
  '/opt/java/*',
  join(homedir(), '.sdkman/candidates/java/*'),
  '/Library/Java/JavaVirtualMachines/*/Contents/Home',
];

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    // Absent, or in a folder that this user may not enter.
    return false;
  }
};

/** SAMSPILL_JAVA may name the program or its home. */
const programOf = (setting: string): string =>
  isFile(setting) ? setting : join(setting, 'bin', 'java');

const places = (env: NodeJS.ProcessEnv): { origin: string; path: string }[] => {
  const { SAMSPILL_JAVA: demanded, JAVA_HOME: home, PATH: path = '' } = env;
  return [
    ...(demanded ? [{ origin: 'SAMSPILL_JAVA', path: programOf(demanded) }] : []),
    ...(home ? [{ origin: 'JAVA_HOME', path: join(home, 'bin', 'java') }] : []),
    ...path
      .split(delimiter)
      .map((folder) => ({ origin: 'PATH', path: join(folder, 'java') }))
      .filter((place) => isFile(place.path)),
    ...usualFolders
      .flatMap((pattern) => globSync(`${pattern}/bin/java`).sort())
      .map((found) => ({ origin: 'usual folder', path: found })),
  ];
};

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

const versionOf = async (path: string): Promise<number | undefined> => {
  try {
    const { stdout, stderr } = await run(path, ['-version'], { timeout: 30_000 });
    return javaVersionIn(stdout + stderr);
  } catch {
    return undefined;
  }
};

/** Every Java of this machine that is in a setting, on PATH or in a usual folder, with its version by `java -version`. */
export const findJava = async (env: NodeJS.ProcessEnv): Promise<JavaCandidate[]> => {
  const unique = new Map<string, { origin: string; path: string }>();
  for (const place of places(env)) {
    const real = realPath(place.path);
    if (!unique.has(real)) unique.set(real, { ...place, path: real });
  }
  return Promise.all(
    [...unique.values()].map(async (place) => ({ ...place, version: await versionOf(place.path) })),
  );
};
