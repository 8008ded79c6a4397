// Used by the reaper, which runs without path aliases: import nothing from other libs here.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that can be told from a later one with the same pid. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** As the system states it; compared only. */
  readonly startTime: string;
  /** Ends it in good order. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

const pollMs = 25;

const startTimeOnLinux = (pid: number): string | undefined => {
  try {
    // The name in parentheses may hold spaces, so count the fields after it: state is the first, start time the 20th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
};

const startTimeByPs = (pid: number): string | undefined => {
  try {
    const columns = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
    const [state = 'Z', ...start] = execFileSync('ps', columns, { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
};

/** When the process of this pid began; undefined when there is none, or only its remains. */
export const startTimeOf = (pid: number): string | undefined =>
  process.platform === 'linux' ? startTimeOnLinux(pid) : startTimeByPs(pid);

/** Notes a process that runs now; undefined when it has ended already. */
export const noteProcess = <Name extends string>(
  name: Name,
  pid: number,
  stopSignal: ServerProcess['stopSignal'],
): (ServerProcess & { readonly name: Name }) | undefined => {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { name, pid, startTime, stopSignal };
};

export const isRunning = (server: ServerProcess): boolean =>
  startTimeOf(server.pid) === server.startTime;

/** Sends the signal to this very process, never to a later one with its pid. */
export const signal = (server: ServerProcess, name: NodeJS.Signals): void => {
  if (!isRunning(server)) return;
  try {
    process.kill(server.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
};

/** True once none runs any more; false when the deadline came first. */
export const allGone = async (
  servers: readonly ServerProcess[],
  deadlineMs: number,
): Promise<boolean> => {
  const until = Date.now() + deadlineMs;
  while (servers.some(isRunning)) {
    if (Date.now() > until) return false;
    await pause(pollMs);
  }
  return true;
};

/**
 * Ends the processes: asks each in its own way, and grows firmer where that takes longer than the patience. SIGQUIT is
 * how PostgreSQL takes its children with it; SIGKILL would leave them for a while.
 */
export const shutDown = async (
  servers: readonly ServerProcess[],
  patienceMs = 10_000,
): Promise<void> => {
  for (const server of servers) {
    // A stopped process takes no other signal.
    signal(server, 'SIGCONT');
    signal(server, server.stopSignal);
  }
  if (await allGone(servers, patienceMs)) return;
  for (const server of servers) signal(server, 'SIGQUIT');
  if (await allGone(servers, patienceMs / 2)) return;
  for (const server of servers) signal(server, 'SIGKILL');
  await allGone(servers, patienceMs);
};
