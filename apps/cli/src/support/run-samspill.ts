import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
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
  /** Folder; the checkout where none is given. */
  readonly cwd?: string;
  /** Called with the process once it runs. */
  readonly onStart?: (signal: (name: NodeJS.Signals) => void) => void;
}

/** What runs the program, from any folder. */
export const samspillCommand = [
  ...[process.execPath, '--import'],
  pathToFileURL(join(checkout, 'node_modules/tsx/dist/loader.mjs')).href,
  join(checkout, 'apps/cli/src/main.ts'),
] as const;

/** Over this process's environment; undefined takes a setting away. */
export const samspillEnv = (env: RunOptions['env'] = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  TSX_TSCONFIG_PATH: join(checkout, 'tsconfig.base.json'),
  FORCE_COLOR: undefined,
  ...env,
});

/** Runs `samspill` as a process of its own, without a terminal. */
export async function runSamspill(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [node, ...before] = samspillCommand;
  const child = spawn(node, [...before, ...args], {
    cwd: options.cwd ?? checkout,
    env: samspillEnv(options.env),
  });
  child.stdin.end(options.stdin ?? '');
  options.onStart?.((name) => child.kill(name));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, out, err };
}
