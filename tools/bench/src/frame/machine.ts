import { cpus, release, totalmem, type } from 'node:os';
import type { BenchmarkResult } from './result.ts';

/** The machine without its name. */
export const thisMachine = (): BenchmarkResult['machine'] => ({
  cores: cpus().length,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: `${type()} ${release()}`,
});
