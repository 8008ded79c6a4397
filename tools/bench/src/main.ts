// npm run bench: Samspill beside what a user would otherwise pick.
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { catalogue } from './catalogue.ts';
import type { Benchmark } from './frame/benchmark.ts';
import { record, resultsFolder, writePage } from './frame/results-folder.ts';
import { runBenchmarks, type Ran } from './frame/run-benchmarks.ts';
import { wordsOf } from './page/words.ts';

interface Options {
  readonly quick: boolean;
  readonly only?: readonly Benchmark[];
  readonly runs?: number;
  readonly rows?: number;
  readonly list: boolean;
  readonly profile: boolean;
  readonly record?: string | true;
}

const counted = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It is to be a whole number above 0.');
};

const named = (text: string): Benchmark[] =>
  text.split(',').map((name) => {
    const found = catalogue.find((one) => one.name === name);
    if (found === undefined) throw new InvalidArgumentError(`None is called ${name}: see --list.`);
    return found;
  });

const program = new Command('npm run bench --')
  .description('Samspill beside what a user would otherwise pick, on this machine')
  .option(
    '--quick',
    'everything small and once, to see that it works: the numbers say nothing',
    false,
  )
  .option('--only <name,…>', 'these benchmarks alone', named)
  .option('--runs <count>', 'runs of each contender (5; 1 with --quick)', counted)
  .option(
    '--rows <count>',
    'instead of the number of rows or events that a benchmark takes by itself',
    counted,
  )
  .option('--profile', 'also write where the time of our process goes, as text', false)
  .option('--record [folder]', 'write JSON, plots and the page of results (to tools/bench/results)')
  .option('--list', 'the benchmarks there are', false)
  .addHelpText(
    'after',
    '\nCtrl-C ends the run in good order. Only what the run started is touched.\nExit codes: 0 all ran, 1 something failed, 130 interrupted. A goal that is missed is no failure.',
  )
  .parse();

async function run(options: Options, signal: AbortSignal): Promise<number> {
  const folder =
    options.record === undefined
      ? undefined
      : resolve(options.record === true ? resultsFolder : options.record);
  let failed = 0;
  const onResult = async (ran: Ran): Promise<void> => {
    console.log(wordsOf(ran));
    if (ran.result?.contenders.every(({ failures }) => failures.length === 0) !== true) failed += 1;
    if (folder === undefined) {
      for (const text of Object.values(ran.profiles)) console.log(text);
      return;
    }
    await record(folder, ran);
    await writePage(folder, catalogue);
  };
  await runBenchmarks(
    options.only ?? catalogue,
    {
      isQuick: options.quick,
      runs: options.runs ?? (options.quick ? 1 : 5),
      isProfiled: options.profile,
      ...(options.rows !== undefined && { rows: options.rows }),
      signal,
      say: (line) => console.log(line),
    },
    onResult,
  );
  if (folder !== undefined) console.log(`recorded in ${folder}`);
  return failed === 0 ? 0 : 1;
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
}

const options = program.opts<Options>();
if (options.list) {
  console.log(catalogue.map(({ name, title }) => `${name.padEnd(12)} ${title}`).join('\n'));
} else {
  process.exitCode = await run(options, interrupted.signal).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return interrupted.signal.aborted ? 130 : 1;
  });
}
