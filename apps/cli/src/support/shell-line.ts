import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How each shell is started with a prompt that can be waited for, and with nothing of whoever runs the test. */
const shells = {
  bash: { args: ['--norc', '--noprofile', '-i'], prompt: "PS1='r'eady'> '" },
  zsh: { args: ['-f', '-i'], prompt: "PS1='r'eady'> '; unsetopt prompt_sp" },
} as const;

export type TypedShell = keyof typeof shells;

export const isOnMachine = (shell: string): boolean =>
  spawnSync(shell, ['-c', 'exit 0']).status === 0;

const ctrlA = '\u0001';

/**
 * Types into a shell in a terminal; `\t` completes. Answers with each line as the shell had it in the end, by putting
 * `echo` before it. The first lines are run as they are.
 */
export async function typedInto(
  shell: TypedShell,
  {
    setup,
    lines,
    cwd,
    env,
  }: {
    readonly setup: readonly string[];
    readonly lines: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
  },
): Promise<string[]> {
  const { args, prompt } = shells[shell];
  const child = spawn(
    'script',
    ['-qec', `stty cols 200; exec ${[shell, ...args].join(' ')}`, '/dev/null'],
    {
      cwd,
      env: { ...env, TERM: 'xterm', HISTFILE: undefined },
    },
  );
  let out = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  /** What has come since it was asked last, once the shell waits for a line again. */
  const ready = async (): Promise<string> => {
    for (;;) {
      const text = stripVTControlCharacters(out.slice(seen));
      if (/ready> *$/.test(text)) {
        seen = out.length;
        return text;
      }
      const more = Promise.withResolvers<undefined>();
      child.stdout.once('data', () => more.resolve(undefined));
      await Promise.race([more.promise, ended.then(() => Promise.reject(new Error(out)))]);
    }
  };
  child.stdin.write(`${prompt}\n`);
  await ready();
  for (const line of setup) {
    child.stdin.write(`${line}\n`);
    await ready();
  }
  const completed: string[] = [];
  for (const line of lines) {
    child.stdin.write(`${line}${ctrlA}echo '<'\u0005'>'\n`);
    completed.push(/^<(.*?) *>\r?$/m.exec(await ready())?.[1] ?? '');
  }
  child.stdin.end('exit\n');
  await ended;
  return completed;
}
