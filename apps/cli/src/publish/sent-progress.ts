import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { say } from '../terminal.ts';

/** Lines about what was sent, and below them how many files are done. */
export interface SentProgress {
  show(file: string, lines: readonly string[]): void;
  end(): void;
}

const filesMin = 5;

/** A bar where a person waits for many files; lines alone elsewhere, so that a script gets nothing else. */
export function sentProgress(files: number): SentProgress {
  const bar = process.stderr.isTTY && files >= filesMin ? fileBar(files) : undefined;
  const begun = new Set<string>();
  return {
    show: (file, lines) => {
      begun.add(file);
      // A bar on the same terminal moves out of the way.
      const log = bar && process.stdout.isTTY ? bar.log : say;
      if (lines.length > 0) log(lines.join('\n'));
      bar?.update(begun.size - 1);
    },
    end: () => bar?.end(),
  };
}

function fileBar(files: number) {
  const bars = new MultiBar(
    {
      stream: process.stderr,
      barsize: 16,
      format: '{bar} {percentage}% | {value} of {total} files | {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const bar: SingleBar = bars.create(files, 0);
  return {
    log: (text: string) => bars.log(`${text}\n`),
    update: (done: number) => bar.update(done),
    end: () => bars.stop(),
  };
}
