import { join } from 'node:path';
import { kafkaEventLog } from '@samspill/event-log';
import type { BenchOptions } from '../frame/benchmark.ts';
import type { Turn } from '../frame/in-turn.ts';
import type { Measured, Run, Samples } from '../frame/samples.ts';
import { startMeter } from '../meters/meter.ts';
import { startProgram } from '../programs/start-program.ts';
import type { BenchServers } from '../servers/start-servers.ts';
import { withTopic } from './fresh-topic.ts';
import type { PublisherOrders, PublisherSetting, Way } from './publisher-orders.ts';

export interface PublishGround {
  readonly servers: BenchServers;
  readonly options: BenchOptions;
  readonly samples: Samples;
  readonly events: number;
  readonly onProfile: (text: string) => void;
}

/** A fresh process that publishes a tenth to be warm, then all that counts, onto topics of its own. */
export function publisherTurn(ground: PublishGround, run: Run, way: Way, batch: number): Turn {
  const { servers, options, samples, events, onProfile } = ground;
  const { kafkaBrokers: brokers } = servers.stack;
  const { folder, signal } = options;
  const isProfiled = options.isProfiled && way === 'ours';
  return {
    name: `${run.contender}, ${batch} events a call`,
    work: () =>
      withTopic(brokers, async (topic) => {
        const setting: PublisherSetting = { brokers, way };
        const file = join(import.meta.dirname, 'publisher.program.ts');
        const program = await startProgram<PublisherOrders>({
          ...{ name: `publish-${way}`, file, setting, folder, signal, isProfiled },
        });
        try {
          const warmUp = Math.ceil(events / 10);
          await program.tell('publish', { topic, events: warmUp, batch });
          const meter = startMeter({
            publisher: { pid: program.pid },
            broker: servers.parts.broker,
          });
          const ms = await program.tell('publish', { topic, events, batch });
          const metered = meter.stop();
          await assertOnLog(brokers, topic, warmUp + events);
          samples.add(run, [
            { name: 'events a second', unit: 'events/s', value: (events * 1_000) / ms },
            ...costOf(metered, events),
            ...metered,
          ]);
        } finally {
          const profile = await program.end();
          if (profile !== undefined) onProfile(profile);
        }
      }),
  };
}

const costOf = (metered: readonly Measured[], events: number): Measured[] =>
  metered
    .filter(({ name }) => name === 'CPU of publisher')
    .map(({ value }) => ({
      name: 'CPU a million events',
      unit: 's',
      value: (value * 1e6) / events,
    }));

/** Each event is there, and none twice. */
async function assertOnLog(
  brokers: readonly string[],
  topic: string,
  events: number,
): Promise<void> {
  const eventLog = kafkaEventLog({ brokers, clientId: 'bench' });
  try {
    const ranges = await eventLog.ranges(topic);
    const found = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    if (found !== events) throw new Error(`the log holds ${found} events of ${events}`);
  } finally {
    await eventLog.close();
  }
}
