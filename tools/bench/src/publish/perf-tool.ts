import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { endWithThisProcess, obtainPrograms } from '@samspill/local-stack';
import type { Turn } from '../frame/in-turn.ts';
import type { Run } from '../frame/samples.ts';
import { withTopic } from './fresh-topic.ts';
import type { PublishGround } from './publisher-turn.ts';

/** Kafka's own kafka-producer-perf-test by its defaults, with acks -1: for scale. It sends bytes without key or headers. */
export function perfToolTurn(
  { servers, options, samples, events }: Omit<PublishGround, 'onProfile'>,
  run: Run,
  bytes: number,
): Turn {
  const { kafkaBrokers } = servers.stack;
  return {
    name: run.contender,
    work: () =>
      withTopic(kafkaBrokers, async (topic) => {
        const { java, kafkaJars } = await obtainPrograms(() => undefined);
        const said = await printed(
          java,
          [
            ...['-Xmx512M', '-cp', join(kafkaJars, '*')],
            'org.apache.kafka.tools.ProducerPerformance',
            ...['--topic', topic, '--bootstrap-server', kafkaBrokers.join(',')],
            ...['--num-records', String(events), '--record-size', String(bytes)],
            ...['--throughput', '-1', '--command-property', 'acks=all'],
          ],
          options.signal,
        );
        const rates = [...said.matchAll(/^(\d+) records sent, ([\d.]+) records\/sec/gm)];
        const [, sent, rate] = rates.at(-1) ?? [];
        if (Number(sent) !== events) throw new Error(`it said: ${said.slice(-500)}`);
        samples.add(run, [{ name: 'events a second', unit: 'events/s', value: Number(rate) }]);
      }),
  };
}

/** What the program prints until it ends. */
async function printed(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const program = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  if (program.pid !== undefined) endWithThisProcess('perf-tool', program.pid);
  const ended = once(program, 'close');
  const [said, complained] = await Promise.all([text(program.stdout), text(program.stderr), ended]);
  if (program.exitCode !== 0) throw new Error(complained.slice(-500));
  return said;
}
