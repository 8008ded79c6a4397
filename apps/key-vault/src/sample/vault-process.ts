import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The vault as a process of its own, with all that it writes to its log. */
export interface VaultProcess {
  readonly url: string;
  readonly output: () => string;
  /** Stands still from now on, and keeps its connections. */
  halt(): void;
  end(signal: NodeJS.Signals): Promise<void>;
}

const top = join(import.meta.dirname, '../../../..');

/** Resolves once it serves; `heard` is told all output so far whenever more comes. */
export async function spawnVault(
  env: Readonly<Record<string, string>>,
  heard: (output: string) => void = () => undefined,
): Promise<VaultProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'apps/key-vault/src/main.ts'], {
    cwd: top,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(top, 'tsconfig.base.json'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit');
  const url = new Promise<string>((resolve) => {
    const read = (part: Buffer): void => {
      output += part.toString();
      heard(output);
      const address = /"address":"([^"]+)"/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const died = exited.then(() => {
    throw new Error(`the vault did not start: ${output}`);
  });
  return {
    url: await Promise.race([url, died]),
    output: () => output,
    halt: () => void child.kill('SIGSTOP'),
    end: async (signal) => {
      child.kill(signal);
      await exited;
      died.catch(() => undefined);
    },
  };
}
