import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** The process that listens on the port; undefined where the system does not tell, as of another user's. */
export const portHolder = (port: number): Promise<Holder | undefined> =>
  process.platform === 'linux' ? holderByProc(port) : holderByLsof(port);

const listening = '0A';

/** `/proc/net/tcp` names the socket, and the process that has it open is found by its links (proc(5)). */
async function holderByProc(port: number): Promise<Holder | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(textOf));
  const sockets = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address = '', , state]) => {
      const hex = address.split(':')[1] ?? '';
      return state === listening && Number.parseInt(hex, 16) === port;
    })
    .map((fields) => `socket:[${fields[9] ?? ''}]`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (!sockets.includes(target)) continue;
      return { pid: Number(pid), name: (await textOf(`/proc/${pid}/comm`)).trim() };
    }
  }
  return undefined;
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

async function holderByLsof(port: number): Promise<Holder | undefined> {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const { stdout } = await promisify(execFile)('lsof', args).catch(() => ({ stdout: '' }));
  const [, pid, name] = /^p(\d+)\n(?:.*\n)*?c(.+)$/m.exec(stdout) ?? [];
  return pid === undefined || name === undefined ? undefined : { pid: Number(pid), name };
}
