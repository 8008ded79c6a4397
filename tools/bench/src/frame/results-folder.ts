import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { drawPlot } from '../page/draw-plot.ts';
import { pageOf } from '../page/page.ts';
import type { Benchmark } from './benchmark.ts';
import { benchmarkResult, type BenchmarkResult } from './result.ts';
import type { Ran } from './run-benchmarks.ts';

/** Where the results of full runs are kept. */
export const resultsFolder = join(import.meta.dirname, '../../results');

/** Writes a result, its plots and profiles; `writePage` then tells them all. */
export async function record(folder: string, { benchmark, result, profiles }: Ran): Promise<void> {
  if (result === undefined) return;
  await mkdir(folder, { recursive: true });
  await writeFormatted(join(folder, `${benchmark.name}.json`), JSON.stringify(result));
  for (const plot of benchmark.plots) {
    await writeFile(join(folder, plotFile(benchmark, plot)), drawPlot(plot, result.contenders));
  }
  for (const [contender, text] of Object.entries(profiles)) {
    await writeFile(join(folder, `${benchmark.name}-${contender}.profile.txt`), text);
  }
}

const plotFile = ({ name }: Benchmark, plot: { readonly name: string }): string =>
  `${name}-${plot.name}.svg`;

/** Writes the page of all results in the folder, in the order of the benchmarks. */
export async function writePage(folder: string, benchmarks: readonly Benchmark[]): Promise<void> {
  const names = await readdir(folder);
  const told = [];
  for (const benchmark of benchmarks) {
    if (!names.includes(`${benchmark.name}.json`)) continue;
    const result = await readResult(folder, benchmark.name);
    const plots = benchmark.plots.map(({ title, name }) => ({
      title,
      file: plotFile(benchmark, { name }),
    }));
    const profiles = names.filter(
      (name) => name.startsWith(`${benchmark.name}-`) && name.endsWith('.profile.txt'),
    );
    told.push({ result, plots, profiles });
  }
  await writeFormatted(join(folder, 'README.md'), pageOf(told));
}

export const readResult = async (folder: string, name: string): Promise<BenchmarkResult> =>
  benchmarkResult.parse(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')));

/** As `prettier --check` wants what is committed. */
async function writeFormatted(file: string, text: string): Promise<void> {
  const config = await resolveConfig(resultsFolder);
  await writeFile(file, await format(text, { ...config, filepath: file }));
}
