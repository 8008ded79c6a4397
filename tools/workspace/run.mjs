// Runs a TypeScript program of the workspace on its own Node: `node tools/workspace/run.mjs SCRIPT [ARGS]`.
// Installs what is missing first. Plain JavaScript for the Node that the machine has, version 20 or later.
import { execFileSync, spawn } from 'node:child_process';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installWhatIsMissing, isAlive } from './install.mjs';

const nodeVersionMin = 20;
const repeatWithinMs = 1_000;
const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = join(top, 'node_modules/.bin');

// As URLs, since the program may be started from any folder.
const tsx = pathToFileURL(join(top, 'node_modules/tsx/dist/loader.mjs')).href;
const endWithOwner = new URL('./end-with-owner.mjs', import.meta.url).href;

const environment = () => ({
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TSX_TSCONFIG_PATH: join(top, 'tsconfig.base.json'),
  // kafkajs sets timers in the past; Node would say so on every start.
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim(),
  SAMSPILL_OWNER_FD: '3',
});

/**
 * The program has a session of its own, so that a signal reaches it by this process alone, once: on Ctrl-C the terminal
 * tells every process of the foreground, and npm passes it on again. The pipe tells the program when this process is gone.
 */
const start = (script, args) =>
  spawn(
    join(bin, 'node'),
    ['--import', tsx, '--import', endWithOwner, resolve(top, script), ...args],
    { stdio: ['inherit', 'inherit', 'inherit', 'pipe'], detached: true, env: environment() },
  );

const passSignalsTo = (child) => {
  const lastAt = new Map();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = Date.now();
      if (now - (lastAt.get(signal) ?? 0) < repeatWithinMs) return;
      lastAt.set(signal, now);
      child.kill(signal);
    });
  }
};

/** The terminal tells its new size to the foreground only, which the program's session is not. */
const passResizesTo = (child) => process.on('SIGWINCH', () => child.kill('SIGWINCH'));

/** Pid of npm: the parent, or the one above where the shell by which npm runs its scripts stands between. */
const pidOfNpm = () => {
  try {
    const columns = ['-o', 'ppid=', '-o', 'comm=', '-p', String(process.ppid)];
    const [above, name] = execFileSync('ps', columns, { encoding: 'utf8' }).trim().split(/\s+/);
    return /(^|\/)(ba|da|z)?sh$/.test(name) ? Number(above) : process.ppid;
  } catch {
    // No ps on this machine.
    return process.ppid;
  }
};

/** npm can be killed without a word, and the shell between lives on. */
const endWithNpm = (child) => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = pidOfNpm();
  const timer = setInterval(() => {
    if (isAlive(npm)) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
};

const run = async (script, args) => {
  await installWhatIsMissing(top);
  const child = start(script, args);
  passSignalsTo(child);
  passResizesTo(child);
  endWithNpm(child);
  child.once('error', (error) => {
    console.error(`${script} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

const [script, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < nodeVersionMin) {
  console.error(
    `Samspill needs Node ${nodeVersionMin} or later to start; this is ${process.version}. Install a newer one, for example from nodejs.org.`,
  );
  process.exitCode = 1;
} else if (script === undefined) {
  console.error('usage: node tools/workspace/run.mjs SCRIPT [ARGS]');
  process.exitCode = 1;
} else {
  await run(script, args).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
