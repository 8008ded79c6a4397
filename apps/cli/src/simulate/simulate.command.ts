import { homeBundles, syntheticPatients, type HomeSeries } from '@samspill/testing';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { helpBelow } from '../help-below.ts';
import { requireIntake } from '../intake/require-intake.ts';
import { dataDirOf, serviceUrl } from '../mesh-addresses.ts';
import { moment, wholeNumber } from '../option-values.ts';
import { printAnswer, say } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { describeSeries, type SeriesDescription } from './describe-series.ts';
import { rateOf, simulationProgress } from './progress.ts';
import { runSimulation } from './run-simulation.ts';
import { tallied, type Tally } from './tally.ts';

interface SimulateOptions {
  readonly patients: number;
  readonly days: number;
  readonly seed: number;
  readonly rate?: number;
  readonly until: Date;
  readonly concurrency: number;
  readonly url?: string;
  readonly client: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const examples = `
Patients do not exist: their national ids have the month + 80. A measurement follows from seed, patient and day alone, so
that the same seed again gives only measurements that are held already, and a later day adds its own.
Ctrl-C ends after the bundles that are on their way.

Examples:
  samspill simulate --patients 20 --days 7
  samspill simulate --patients 1000 --days 30 --rate 500 --seed 7
  samspill simulate --patients 3 --days 2 --dry-run`;

/** `samspill simulate` */
export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('post what synthetic patients measure at home to the measurements service')
    .option('--patients <count>', 'how many', wholeNumber(1, 100_000), 20)
    .option('--days <count>', 'calendar days, up to today', wholeNumber(1, 3_650), 7)
    .option('--rate <count>', 'measurements a second at most', wholeNumber(1, 1_000_000))
    .option('--seed <number>', 'another seed gives other patients', wholeNumber(0, 999_999_999), 1)
    .addOption(
      new Option('--until <time>', 'nothing is measured after it')
        .argParser(moment)
        .default(new Date(), 'now'),
    )
    .option('--concurrency <count>', 'bundles on their way at once', wholeNumber(1, 256), 8)
    .option('--url <url>', 'of the measurements service; else MEASUREMENTS_URL or the local mesh')
    .option('--client <id>', 'client that posts', 'home-hub')
    .option('--dry-run', 'make everything, post nothing', false)
    .option('--json', 'what was posted and what became of it, as JSON', false)
    .addHelpText('after', helpBelow(examples))
    .action(async (options: SimulateOptions, command: Command) => {
      const { days, seed, until } = options;
      const patients = syntheticPatients({ count: options.patients, seed });
      const series: HomeSeries = { patients, days, seed, until };
      const description = describeSeries(homeBundles(series));
      if (!options.json) say(wordsOf(description, options));
      if (options.dryRun || description.bundles === 0) {
        if (options.json) printAnswer(true, description, '');
        return;
      }
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const url = await serviceUrl('measurements', {
        given: options.url,
        dataDir: dataDirOf(dataDir),
      });
      await requireIntake(url);
      process.exitCode = await simulate(series, description, { ...options, url });
    });

async function simulate(
  series: HomeSeries,
  description: SeriesDescription,
  { url, client, concurrency, rate, json }: SimulateOptions & { url: string },
): Promise<number> {
  const progress = simulationProgress(description);
  const start = performance.now();
  const tally = await untilInterrupted((signal) =>
    runSimulation({
      url,
      clientId: client,
      bundles: homeBundles(series),
      concurrency,
      ratePerSecond: rate,
      triesMax: 10,
      signal,
      onBundle: (_, soFar) => progress.show(soFar),
    }),
  );
  progress.end();
  const ms = Math.round(performance.now() - start);
  printAnswer(json, { ...description, ...tally, ms }, summaryOf(tally, description, ms));
  if (tally.unclear > 0) return exitCodes.away;
  return tally.refused > 0 ? exitCodes.refused : exitCodes.done;
}

const wordsOf = (
  { bundles, measurements, from, to, digest }: SeriesDescription,
  o: SimulateOptions,
) =>
  [
    `${measurements} measurements in ${bundles} bundles of ${o.patients} synthetic patients`,
    from === undefined || to === undefined ? '' : `, ${from} to ${to}`,
    `, seed ${o.seed}, digest ${digest.slice(0, 16)}`,
  ].join('');

function summaryOf(tally: Tally, { measurements }: SeriesDescription, ms: number): string {
  const done = tallied(tally);
  const counts = `${tally.accepted} accepted, ${tally.held} already held, ${tally.refused} refused, ${tally.unclear} without a clear answer`;
  const early = done < measurements ? `; ended early, ${measurements - done} not posted` : '';
  return `${counts}; ${(ms / 1000).toFixed(1)} s, ${rateOf(done, ms)} measurements a second${early}`;
}
