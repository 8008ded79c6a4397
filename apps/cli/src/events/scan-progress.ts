import { Presets, SingleBar } from 'cli-progress';

/** Does the work with a bar of the records that it has looked at, on standard error, where a person waits for it. */
export async function withScanProgress<Result>(
  work: (onProgress: (looked: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  if (!process.stderr.isTTY) return work(() => undefined);
  const bar = new SingleBar(
    {
      stream: process.stderr,
      barsize: 16,
      format: '{bar} {percentage}% | {value} of {total} records of the log | {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  try {
    return await work((looked, total) => {
      if (!bar.isActive) bar.start(total, looked);
      bar.update(looked);
    });
  } finally {
    bar.stop();
  }
}
