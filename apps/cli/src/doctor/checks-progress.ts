import { Presets, SingleBar } from 'cli-progress';

/** A bar on standard error while checks run, where a terminal is; it is gone once they are done. */
export function checksProgress(total: number) {
  const bar = new SingleBar(
    {
      format: '{bar} {value} of {total} checks',
      barsize: 16,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { show: (done: number): void => bar.update(done), end: (): void => bar.stop() };
}
