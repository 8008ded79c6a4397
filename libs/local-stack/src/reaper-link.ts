import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { noteProcess, type ServerProcess } from './process-life.ts';
import type { ReaperOrder } from './reaper.ts';

/** The owner's end of the pipe to the reaper. */
export interface ReaperLink {
  watch(server: ServerProcess): void;
  /** Lets the servers live on, and ends the reaper. */
  release(): Promise<void>;
  /** Has the reaper end what still runs, and waits until it has. */
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('./reaper.ts', import.meta.url));

/** Starts the process that ends the watched servers once this process is gone. */
export const startReaper = (): ReaperLink => {
  const child = spawn(process.execPath, [program], {
    // Its own session: a Ctrl-C in the terminal must not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Loaders and debuggers of the owner are nothing to it.
    env: { PATH: process.env['PATH'] },
  });
  const gone = once(child, 'exit');
  child.unref();
  // A reaper that was killed must not take the owner along by a broken pipe.
  child.stdin.on('error', () => undefined);
  const order = (line: ReaperOrder): void => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
  };
  const close = async (): Promise<void> => {
    child.ref();
    child.stdin.end();
    await gone;
  };
  return {
    watch: (server) => order({ watch: server }),
    release: async () => {
      order({ release: true });
      await close();
    },
    close,
  };
};

let ownReaper: ReaperLink | undefined;

/**
 * Has a child process end (by SIGTERM, then more firmly) once this process is gone, whatever way it went.
 * For programs that start others beside a stack; the servers of a stack are cared for already.
 */
export const endWithThisProcess = (name: string, pid: number): void => {
  const child = noteProcess(name, pid, 'SIGTERM');
  if (child === undefined) return;
  ownReaper ??= startReaper();
  ownReaper.watch(child);
};
