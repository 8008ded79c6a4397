import { pause } from '@samspill/kernel';
import { cutTo } from './plain-table.ts';
import { untilInterrupted } from '../until-interrupted.ts';

/** Of a terminal, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Of standard output; a pipe takes everything. */
export const outputSize = (): ScreenSize =>
  process.stdout.isTTY
    ? { columns: process.stdout.columns, rows: process.stdout.rows }
    : { columns: Infinity, rows: Infinity };

const escape = '\u001b[';
const enter = `${escape}?1049h${escape}?25l`;
const leave = `${escape}?25h${escape}?1049l`;
const home = `${escape}H`;
const clearRest = `${escape}J`;
const clearLine = `${escape}K`;
const ctrlC = '\u0003';

/**
 * Shows in place what is looked at again and again, until q or Ctrl-C; the terminal is then as it was. A new size is
 * drawn at once.
 */
export const showLive = <Seen>(
  everyMs: number,
  look: (signal: AbortSignal) => Promise<Seen>,
  draw: (seen: Seen, size: ScreenSize) => readonly string[],
): Promise<void> =>
  untilInterrupted(async (interrupted) => {
    const quit = new AbortController();
    const signal = AbortSignal.any([interrupted, quit.signal]);
    let seen: { readonly last: Seen } | undefined;
    const redraw = (): void => {
      if (seen === undefined) return;
      const size = outputSize();
      const lines = draw(seen.last, size)
        .slice(0, size.rows)
        .map((line) => cutTo(line, size.columns) + clearLine);
      process.stdout.write(home + lines.join('\n') + clearRest);
    };
    const release = holdTerminal(() => quit.abort(), redraw);
    try {
      do {
        seen = { last: await look(signal) };
        if (signal.aborted) return;
        redraw();
      } while (await pause(everyMs, signal));
    } finally {
      release();
    }
  });

/** Answers with what gives the terminal back; that happens also where the process ends otherwise. */
function holdTerminal(onQuit: () => void, onResize: () => void): () => void {
  const { stdin, stdout } = process;
  const onKeys = (keys: Buffer): void => {
    if (/^[qQ]/.test(keys.toString()) || keys.includes(ctrlC)) onQuit();
  };
  const release = (): void => {
    process.off('exit', release);
    stdout.off('resize', onResize);
    stdin.off('data', onKeys);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    stdout.write(leave);
  };
  process.on('exit', release);
  stdout.on('resize', onResize);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onKeys);
  stdout.write(enter);
  return release;
}
