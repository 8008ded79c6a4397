import type { FaultRunOptions } from './run-faults.ts';

export interface Progress extends Required<Pick<FaultRunOptions, 'onProgress' | 'onEvent'>> {
  end(): void;
}

/** Tells faults as they come, a line each; in a terminal the last line counts along. */
export function showProgress(lastsMs: number): Progress {
  const inTerminal = process.stdout.isTTY && process.env['TERM'] !== 'dumb';
  let began: number | undefined;
  let acknowledged = 0;
  let unclear = 0;
  const sinceBegin = (): string =>
    `${((performance.now() - (began ?? performance.now())) / 1_000).toFixed(1).padStart(7)} s`;
  const clear = inTerminal ? '\r\u001b[2K' : '';
  const say = (line: string): void => {
    process.stdout.write(`${clear}${line}\n`);
  };
  const count = (): void => {
    if (began === undefined) return;
    process.stdout.write(
      `${clear}${sinceBegin()} of ${lastsMs / 1_000} s: ${acknowledged} acknowledged, ${unclear} answers lost`,
    );
  };
  const timer = inTerminal ? setInterval(count, 500).unref() : undefined;
  return {
    onProgress: say,
    onEvent: (event) => {
      began ??= performance.now();
      if (event.kind === 'ok') acknowledged += 1;
      if (event.kind === 'info') unclear += 1;
      if (event.kind === 'fault') {
        say(`${sinceBegin()}  ${event.fault.padEnd(28)} ${event.step.padEnd(9)} ${event.detail}`);
      }
      if (event.kind === 'note') say(`${sinceBegin()}  ${event.text}`);
    },
    end: () => {
      clearInterval(timer);
      if (inTerminal) process.stdout.write(clear);
    },
  };
}
