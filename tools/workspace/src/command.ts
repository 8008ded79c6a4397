import { spawn } from 'node:child_process';
import { endWithThisProcess } from '@samspill/local-stack';

export interface CommandResult {
  readonly ok: boolean;
  /** What it printed, both streams in the order of arrival. */
  readonly output: string;
}

const graceMs = 5_000;

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
};

/**
 * Runs a command to its end and collects what it prints. On abort the command and all that it started are ended.
 * Rejects when it cannot be started.
 */
export const runCommand = async (
  [command = '', ...args]: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const { cwd, env, signal } = options;
    signal.throwIfAborted();
    // A group of its own, so that it can be ended with all that it started.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    const { pid } = child;
    if (pid === undefined) return;
    endWithThisProcess(command, pid);
    let force: NodeJS.Timeout | undefined;
    const abort = (): void => {
      signalGroup(pid, 'SIGTERM');
      force = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', abort);
    child.once('close', (code) => {
      signal.removeEventListener('abort', abort);
      clearTimeout(force);
      resolve({ ok: code === 0, output });
    });
  });
