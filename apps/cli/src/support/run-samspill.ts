import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkout } from '../mesh-addresses.ts';

export interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Over this process's environment; undefined takes a setting away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Called with the process once it runs. */
  readonly onStart?: (signal: (name: NodeJS.Signals) => void) => void;
}

/** Runs `samspill` as a process of its own, without a terminal. */
export async function runSamspill(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const main = join(checkout, 'apps/cli/src/main.ts');
  const tsconfig = join(checkout, 'tsconfig.base.json');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: checkout,
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig, FORCE_COLOR: undefined, ...options.env },
  });
  child.stdin.end(options.stdin ?? '');
  options.onStart?.((name) => child.kill(name));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, out, err };
}
