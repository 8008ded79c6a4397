import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError } from '@samspill/kernel';
import { startTimeOf, type ServerProcess } from './process-life.ts';

export type StackPart = 'kafka' | 'registry' | 'postgres';

/** How to run one server. */
export interface ServerPlan {
  readonly part: StackPart;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Beside the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal: ServerProcess['stopSignal'];
  readonly logFile: string;
  /** What the log says of a failure that passes by itself: the start is tried again. */
  readonly passing?: RegExp;
  /** Resolves when the server answers as its clients need it; rejects while it does not yet. */
  answers(): Promise<unknown>;
}

const startDeadlineMs = 60_000;
const pollMs = 40;

interface StartedProcess {
  readonly server: ServerProcess | undefined;
  /** Why it no longer runs; undefined while it does. */
  end(): string | undefined;
}

const startProcess = (plan: ServerPlan): StartedProcess => {
  const log = openSync(plan.logFile, 'a');
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd,
    env: { ...process.env, ...plan.env },
    // A session of its own, so that a Ctrl-C in the terminal reaches the owner alone and the stop is orderly.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let end: string | undefined;
  child.once('error', (error) => (end = `cannot be run: ${error.message}`));
  child.once('exit', (code, name) => (end ??= `ended with ${name ?? `exit code ${code ?? '?'}`}`));
  const { pid } = child;
  const startTime = pid === undefined ? undefined : startTimeOf(pid);
  if (pid === undefined || startTime === undefined) {
    return { server: undefined, end: () => end ?? 'ended at once' };
  }
  const { part: name, stopSignal } = plan;
  return { server: { name, pid, startTime, stopSignal }, end: () => end };
};

const didNotStart = async (plan: ServerPlan, why: string): Promise<SamspillError> => {
  const log = await readFile(plan.logFile, 'utf8').catch(() => '');
  const tail = log.trimEnd().split('\n').slice(-15).join('\n');
  return new SamspillError('PART_DID_NOT_START', {
    place: `${plan.part} ${why}`,
    mend: `see ${plan.logFile}, which ends with:\n${tail}\n`,
  });
};

/**
 * Starts the server, hands its process to `register` at once, and waits until it answers.
 * Raises PART_DID_NOT_START with the end of its log.
 */
export const launch = async (
  plan: ServerPlan,
  register: (server: ServerProcess) => void,
): Promise<void> => {
  await mkdir(dirname(plan.logFile), { recursive: true });
  const deadline = Date.now() + startDeadlineMs;
  let started: StartedProcess | undefined;
  for (;;) {
    if (started === undefined) {
      started = startProcess(plan);
      if (started.server !== undefined) register(started.server);
    }
    await pause(pollMs);
    try {
      await plan.answers();
      return;
    } catch {
      const late = Date.now() > deadline;
      const end = started.end();
      if (end === undefined && !late) continue;
      const error = await didNotStart(
        plan,
        end ?? `gives no answer for ${startDeadlineMs / 1000} s`,
      );
      if (late || !plan.passing?.test(error.mend)) throw error;
      started = undefined;
    }
  }
};
