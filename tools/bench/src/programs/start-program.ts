import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithThisProcess } from '@samspill/local-stack';
import { settingVariable, type Answer, type Orders } from './orders.ts';
import { profileIn } from './profile.ts';

const top = join(import.meta.dirname, '../../../..');
const endWithinMs = 30_000;

/** A contender of ours in a process of its own. */
export interface Program<Of extends Orders> {
  readonly pid: number;
  /** Resolves with the answer; rejects when the program could not do it, or has ended. */
  tell<Name extends keyof Of & string>(
    name: Name,
    ...given: Parameters<Of[Name]>
  ): Promise<Awaited<ReturnType<Of[Name]>>>;
  /** Ends it in good order; answers with its CPU profile as text where it was profiled. */
  end(): Promise<string | undefined>;
}

export interface ProgramStart {
  /** Name of its log. */
  readonly name: string;
  /** The TypeScript file. */
  readonly file: string;
  readonly setting: unknown;
  /** For log and profile. */
  readonly folder: string;
  readonly isProfiled?: boolean;
  readonly signal: AbortSignal;
}

/** Starts a program that calls `serveOrders`; resolves once it does. */
export async function startProgram<Of extends Orders>(start: ProgramStart): Promise<Program<Of>> {
  const { name, file, folder, setting, isProfiled = false, signal } = start;
  signal.throwIfAborted();
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, `${name}.log`);
  const profiles = join(folder, `${name}-profile`);
  const log = openSync(logFile, 'a');
  const profiling = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const child = spawn(process.execPath, [...profiling, '--import', 'tsx', file], {
    cwd: top,
    env: {
      ...process.env,
      // kafkajs sets timers in the past; Node would say so.
      NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning',
      TSX_TSCONFIG_PATH: join(top, 'tsconfig.base.json'),
      [settingVariable]: JSON.stringify(setting),
    },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  endWithThisProcess(name, pid);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const answers = answersOf(child, name, logFile);
  await answers.of(0);
  const tell = (order: string, given?: unknown): Promise<unknown> => {
    const { number, answer } = answers.next();
    // Where the program has ended meanwhile, its end rejects the answer.
    if (!hasEnded(child)) child.send({ number, name: order, given }, () => undefined);
    return answer;
  };
  return {
    pid,
    tell: (order, ...[given]) => tell(order, given) as never,
    end: async () => {
      if (hasEnded(child)) return undefined;
      const exited = once(child, 'exit');
      const late = setTimeout(kill, endWithinMs);
      await tell('end').catch(() => undefined);
      await exited;
      clearTimeout(late);
      signal.removeEventListener('abort', kill);
      return isProfiled ? profileIn(profiles, top) : undefined;
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** The answers that are waited for, by number. All fail when the program ends. */
function answersOf(child: ChildProcess, name: string, logFile: string) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let end: Error | undefined;
  const of = (number: number): Promise<unknown> => {
    const wanted = Promise.withResolvers<unknown>();
    if (end === undefined) waiting.set(number, wanted);
    else wanted.reject(end);
    return wanted.promise;
  };
  child.on('message', ({ number, answer, error }: Answer) => {
    const wanted = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) wanted?.resolve(answer);
    else wanted?.reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
    end = new Error(`${name} ended with ${signal ?? code}:\n${said}`);
    for (const wanted of waiting.values()) wanted.reject(end);
  });
  return {
    of,
    next: () => {
      last += 1;
      return { number: last, answer: of(last) };
    },
  };
}
