import { spawn } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** True when node_modules holds just what package-lock.json says. npm writes its own record last. */
export const isInstalled = (top) => {
  const wanted = readJson(join(top, 'package-lock.json'))?.packages;
  const held = readJson(join(top, 'node_modules/.package-lock.json'))?.packages;
  if (wanted === undefined || held === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    // Optional packages are for other platforms where they are absent.
    if (path === '' || (optional && held[path] === undefined)) return true;
    return held[path]?.version === version;
  });
};

/** A process of this pid runs. */
export const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** One installs at a time: the lock holds the pid of the one that does, so that a dead one's is taken over. */
const withLock = async (path, work) => {
  for (;;) {
    try {
      const lock = openSync(path, 'wx');
      writeSync(lock, String(process.pid));
      closeSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(path, 'utf8') || '0');
      if (owner !== 0 && !isAlive(owner)) rmSync(path, { force: true });
      else await pause(500);
    }
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
};

const npmCi = (top) =>
  new Promise((resolve, reject) => {
    const { npm_execpath: npm } = process.env;
    const [command, ...args] = npm ? [process.execPath, npm] : ['npm'];
    // Packages that want a newer Node than this one run on that of the workspace: no warnings of them.
    const child = spawn(command, [...args, 'ci', '--loglevel=error'], {
      cwd: top,
      stdio: ['ignore', 2, 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ci ended with exit code ${code}`)),
    );
  });

/** npm ci empties node_modules first; where that is a link, it empties the folder of whoever it belongs to. */
const refuseLink = (folder) => {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new Error(
    `${folder} is a link to packages that others use too, and does not match package-lock.json. To mend: remove the link, then run this again, which installs packages of this checkout's own.`,
  );
};

/**
 * Installs the packages of package-lock.json where node_modules is absent or holds others. Rejects, and touches nothing,
 * where node_modules is a link. Standard output is left to the program that comes after.
 */
export const installWhatIsMissing = async (top) => {
  if (isInstalled(top)) return;
  refuseLink(join(top, 'node_modules'));
  const state = join(top, '.samspill');
  mkdirSync(state, { recursive: true });
  await withLock(join(state, 'install.lock'), async () => {
    if (isInstalled(top)) return;
    console.error(
      'Installing packages by npm ci, since node_modules does not match package-lock.json.',
    );
    await npmCi(top);
  });
};
