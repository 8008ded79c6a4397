import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SamspillError } from '@samspill/kernel';
import { noteProcess, type ServerProcess } from './process-life.ts';

export type StackPart = 'kafka' | 'registry' | 'postgres';

/** The process of a part of the stack. */
export interface PartProcess<Name extends string = StackPart> extends ServerProcess {
  readonly name: Name;
}

/** How to run one server; `part` is its name among those it runs with. */
export interface ServerPlan<Name extends string = StackPart> {
  readonly part: Name;
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

/** A start takes seconds; on a machine that is busy with other things it can take ten times as long. */
const startDeadlineMs = 120_000;
const pollMs = 40;

interface StartedProcess<Name extends string> {
  readonly server: PartProcess<Name> | undefined;
  /** Why it no longer runs; undefined while it does. */
  end(): string | undefined;
}

const startProcess = <Name extends string>(plan: ServerPlan<Name>): StartedProcess<Name> => {
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
  const server =
    child.pid === undefined ? undefined : noteProcess(plan.part, child.pid, plan.stopSignal);
  return { server, end: () => end ?? (server === undefined ? 'ended at once' : undefined) };
};

const didNotStart = async (plan: ServerPlan<string>, why: string): Promise<SamspillError> => {
  const log = await readFile(plan.logFile, 'utf8').catch(() => '');
  const tail = log.trimEnd().split('\n').slice(-15).join('\n');
  return new SamspillError('PART_DID_NOT_START', {
    place: `${plan.part} ${why}`,
    mend: `see ${plan.logFile}, which ends with:\n${tail}\n`,
  });
};

/** Runs what prepares a server to its end. Raises PART_DID_NOT_START with what it printed. */
export const runOnce = (part: StackPart, command: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(command, args, (error, stdout, stderr) => {
      if (error === null) {
        resolve();
        return;
      }
      reject(
        new SamspillError('PART_DID_NOT_START', {
          place: `${part} could not be prepared`,
          mend: `${command} said:\n${(stdout + stderr).trim() || error.message}\n`,
        }),
      );
    });
  });

/**
 * Starts the server, hands its process to `register` at once, and waits until it answers.
 * Raises PART_DID_NOT_START with the end of its log.
 */
export const launch = async <Name extends string>(
  plan: ServerPlan<Name>,
  register: (server: PartProcess<Name>) => void,
): Promise<void> => {
  await mkdir(dirname(plan.logFile), { recursive: true });
  const deadline = Date.now() + startDeadlineMs;
  let started: StartedProcess<Name> | undefined;
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
