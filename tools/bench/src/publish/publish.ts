import type { Benchmark, BenchOptions, Outcome } from '../frame/benchmark.ts';
import { inTurn, messageOf, type Turn } from '../frame/in-turn.ts';
import type { ContenderResult } from '../frame/result.ts';
import { Samples, type Run } from '../frame/samples.ts';
import { partitions } from '../rows/row-product.ts';
import { perfToolTurn } from './perf-tool.ts';
import { publisherTurn, type PublishGround } from './publisher-turn.ts';
import { bytesOfEvent } from './sealed-observations.ts';

const rate = 'events a second';
const ours = 'ours';
const kafkajs = 'plain kafkajs';
const best = 'plain kafkajs in its best batches';

export const publish: Benchmark = {
  name: 'publish',
  title: 'onto the log',
  asks: 'How many events a second are acknowledged, each a sealed Observation? Ours checks each acknowledgement, keeps the order of each patient, and sends again what failed without losing or doubling anything; plain kafkajs is called with one batch after the other, and hopes. Both acks -1, idempotent. The Java tool, which sends bytes without keys and headers, stands there for scale.',
  goals: [
    {
      text: 'our publisher at 0.8 of plain kafkajs in its best batches or better',
      of: { contender: ours, figure: rate },
      over: { contender: best, figure: rate },
      atLeast: 0.8,
    },
  ],
  plots: [{ name: 'events', title: 'Events a second', figure: rate }],
  run: runPublish,
};

/** Events of one call of ours: what a service hands over at once, the publisher makes its own batches of. */
const oursPerCall = 500;
const kafkajsBatches = [200, 500, 1_000, 2_000] as const;

async function runPublish(options: BenchOptions): Promise<Outcome> {
  const events = options.rows ?? (options.isQuick ? 5_000 : 100_000);
  const samples = new Samples();
  const profiles: Record<string, string> = {};
  const servers = await options.servers();
  const bytes = bytesOfEvent();
  const onProfile = (text: string): void => void (profiles['ours'] = text);
  const ground: PublishGround = { servers, options, samples, events, onProfile };
  const turns = new Map<Turn, Run>();
  const batches = options.isQuick ? kafkajsBatches.slice(-1) : kafkajsBatches;
  for (const batch of batches) {
    const run = { contender: kafkajs, setting: { 'events a call': batch } };
    turns.set(publisherTurn(ground, run, 'kafkajs', batch), run);
  }
  const own = { contender: ours, setting: {} };
  turns.set(publisherTurn(ground, own, 'ours', oursPerCall), own);
  const tool = { contender: 'Java perf tool', setting: {} };
  turns.set(perfToolTurn(ground, tool, bytes), tool);
  try {
    await inTurn(options, [...turns.keys()], (turn, error) =>
      samples.fail(turns.get(turn) ?? own, messageOf(error)),
    );
    const results = samples.results();
    return {
      setting: { events, 'bytes an event': bytes, partitions },
      versions: servers.versions,
      contenders: [...results, ...bestOf(results)],
      notRun: {},
      profiles,
    };
  } finally {
    await servers.stop();
  }
}

const medianRate = ({ figures }: ContenderResult): number =>
  figures.find(({ name }) => name === rate)?.median ?? 0;

/** Of the sizes that were tried, the one with the highest median: whoever uses kafkajs would have looked for it. */
function bestOf(results: readonly ContenderResult[]): ContenderResult[] {
  const [fastest] = results
    .filter(({ contender }) => contender === kafkajs)
    .toSorted((one, other) => medianRate(other) - medianRate(one));
  return fastest === undefined ? [] : [{ ...fastest, contender: best, failures: [] }];
}
