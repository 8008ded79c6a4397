import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import { Samples } from '../frame/samples.ts';
import { profilesOf, profiling } from '../servers/service-profile.ts';
import { startServers, type BenchService } from '../servers/start-servers.ts';
import { askOverviews, perSecond, warmUp, type LoadedWard } from './ask-overviews.ts';
import { fillWard } from './fill-ward.ts';
import { knownPatients, lackOfDisk, type Population } from './population.ts';
import { peerScreen, wardScreen } from './screen.ts';
import { startPeer } from './start-peer.ts';

const serviceName = 'emergency-ward';
const ours = 'ours';
const peer = 'SQL by hand, node:http and pg';

export const overview: Benchmark = {
  name: 'overview',
  title: 'the overview of one patient',
  asks: `How fast is the overview of a patient who was followed for years (5,000 measurements), where a million others have 20 each? ${perSecond} questions a second, whatever the answers do, each time counted from when it was due (open loop), about 1,000 such patients in turn. Ours is the emergency ward over HTTP, with pseudonyms from the key vault; its table is what its own projection makes of what a hub sends, made by its own migrations and loaded by COPY, the measurements of all patients mixed as they come in. The peer asks the same of the same table by SQL that was written by hand, behind node:http and pg, and judges nothing. An answer counts when it was looked at for some patients: every series with its latest measurement and 100 points.`,
  goals: [
    {
      text: `overview: p99 under 20 ms at ${perSecond} a second, of patients with 5,000 measurements`,
      of: { contender: ours, figure: 'p99' },
      atMost: 20,
    },
    {
      text: 'overview: no scan of the whole table',
      of: { contender: ours, figure: 'scans of the table' },
      atMost: 0,
    },
  ],
  plots: [{ name: 'p99', title: 'p99 of an overview', figure: 'p99' }],
  run: runOverview,
};

/** In the proportions of a city; `rows` in all. */
function populationOf({ isQuick, rows = 25_000_000 }: BenchOptions): Population {
  if (isQuick) return { patients: 300, heavy: 10, rowsEach: 20, rowsOfHeavy: 1_500 };
  const heavy = Math.ceil(rows / 25_000);
  return { patients: heavy * 1_000, heavy, rowsEach: 20, rowsOfHeavy: 5_000 };
}

async function runOverview(options: BenchOptions): Promise<Outcome> {
  const { isQuick, signal } = options;
  const population = populationOf(options);
  const lastsMs = isQuick ? 500 : 30_000;
  const setting = {
    patients: population.patients,
    'measurements each': population.rowsEach,
    'patients asked about': population.heavy,
    'measurements of each of these': population.rowsOfHeavy,
  };
  const lacking = await lackOfDisk(options.folder, population);
  if (lacking !== undefined) {
    return { setting, versions: {}, contenders: [], notRun: { [ours]: lacking } };
  }
  const samples = new Samples();
  const servers = await startServers(options);
  try {
    const ward = await servers.startService(serviceName, profiling(options, serviceName));
    const loaded = await loadWard(ward, servers.keyVaultUrl, population, options);
    const program = await startPeer(ward.databaseUrl, options);
    const { database, 'key vault': keyVault } = servers.parts;
    const contenders = [
      {
        name: ours,
        screen: wardScreen(ward.url, signal),
        parts: { service: ward, 'key vault': keyVault, database },
      },
      {
        name: peer,
        screen: peerScreen(program.url, signal),
        parts: { service: program, database },
      },
    ];
    for (const { screen } of contenders) await warmUp(screen, loaded, signal);
    const turns = contenders.map(({ name, screen, parts }): Turn => ({
      name,
      work: async () => {
        const measured = await askOverviews(screen, loaded, parts, lastsMs);
        samples.add({ contender: name, setting: {} }, measured);
      },
    }));
    await inTurn(options, turns, (turn, error) =>
      samples.fail({ contender: turn.name, setting: {} }, messageOf(error)),
    );
    await Promise.all(contenders.map(({ screen }) => screen.close()));
    await program.end();
  } finally {
    await servers.stop();
  }
  return {
    setting,
    versions: servers.versions,
    contenders: samples.results(),
    notRun: {},
    profiles: profilesOf(options, [serviceName]),
  };
}

/** Makes the patients known to the key vault, and fills the ward's table. */
async function loadWard(
  { databaseUrl }: BenchService,
  keyVaultUrl: string,
  population: Population,
  options: BenchOptions,
): Promise<LoadedWard> {
  const known = await knownPatients(keyVaultUrl, population);
  options.say(`${known.length} patients known to the key vault`);
  await fillWard(databaseUrl, known, population, options);
  return { databaseUrl, population, heavy: known.slice(0, population.heavy) };
}
