import { spawn } from 'node:child_process';
import { checkout } from '../mesh-addresses.ts';
import { samspillCommand, samspillEnv, type Ran } from './run-samspill.ts';

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Folder; the checkout where none is given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Typed once the output holds it. */
  readonly typed?: { readonly after: RegExp; readonly keys: string };
}

/**
 * Runs `samspill` in a terminal of that size, by script(1) of util-linux. Output and errors come as one, with the
 * sequences that move the cursor.
 */
export async function runInTerminal(
  args: readonly string[],
  { columns, rows, cwd = checkout, env, typed }: TerminalOptions,
): Promise<Omit<Ran, 'err'>> {
  const words = [...samspillCommand, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols ${columns} rows ${rows}; exec ${words.join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: samspillEnv({ TERM: 'xterm-256color', NO_COLOR: undefined, CI: undefined, ...env }),
  });
  let out = '';
  let isTyped = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (typed === undefined || isTyped || !typed.after.test(out)) return;
    isTyped = true;
    child.stdin.write(typed.keys);
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, out };
}
