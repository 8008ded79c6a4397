import { join } from 'node:path';
import { pause } from '@samspill/kernel';
import { findRunningMesh, serviceNames, startMesh } from '@samspill/testing';
import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import type { Goal } from '../frame/goals.ts';
import { Samples, type Measured } from '../frame/samples.ts';
import { startMeter } from '../meters/meter.ts';

/** Starting up is over by then: caches are filled, groups have joined, what was compiled is settled. */
const settleMs = { quick: 1_000, full: 30_000 };
const lastsMs = { quick: 4_000, full: 60_000 };

const goalOf = (contender: string): Goal[] => [
  {
    text: `idle: ${contender} under 1 % of a core`,
    of: { contender, figure: 'share of a core' },
    atMost: 1,
  },
  {
    text: `idle: ${contender} under 150 MiB`,
    of: { contender, figure: 'memory' },
    atMost: 150,
  },
];

export const idle: Benchmark = {
  name: 'idle',
  title: 'a mesh that nobody uses',
  asks: 'What does each service of the mesh take of the machine while there is nothing to do? The mesh as `samspill up` starts it, half a minute after its start, for a minute. The servers are told too: what a service asks of them while it waits is their time.',
  goals: serviceNames.flatMap(goalOf),
  plots: [
    { name: 'cpu', title: 'Share of a core while idle', figure: 'share of a core' },
    { name: 'memory', title: 'Memory while idle', figure: 'memory' },
  ],
  run: runIdle,
};

async function runIdle(options: BenchOptions): Promise<Outcome> {
  const { folder, isQuick, runs, signal, say } = options;
  const size = isQuick ? 'quick' : 'full';
  const samples = new Samples();
  // Containers could not be metered.
  process.env['SAMSPILL_STACK'] = 'processes';
  const dataDir = join(folder, 'mesh');
  const mesh = await startMesh({ dataDir, ports: 'free' });
  try {
    const services = (await findRunningMesh(dataDir))?.services ?? [];
    const parts = [...services, ...mesh.stack.processes];
    await pause(settleMs[size], signal);
    const look = async (): Promise<void> => {
      const meters = parts.map(({ name, pid }) => {
        const isMany = name === 'postgres';
        return { name, meter: startMeter({ part: { pid, sharesMemory: isMany } }) };
      });
      const began = performance.now();
      await pause(lastsMs[size], signal);
      signal.throwIfAborted();
      const seconds = (performance.now() - began) / 1_000;
      for (const { name, meter } of meters) {
        samples.add({ contender: name, setting: {} }, meter.stop().map(asIdle(seconds)));
      }
    };
    for (let run = 1; run <= runs; run += 1) {
      await look();
      say(`run ${run} of ${runs}: ${lastsMs[size] / 1_000} s`);
    }
  } finally {
    await mesh.stop();
  }
  return {
    setting: { seconds: lastsMs[size] / 1_000 },
    versions: {},
    contenders: samples.results(),
    notRun: {},
  };
}

const asIdle =
  (seconds: number) =>
  ({ unit, value }: Measured): Measured =>
    unit === 's'
      ? { name: 'share of a core', unit: '%', value: (100 * value) / seconds }
      : { name: 'memory', unit, value };
