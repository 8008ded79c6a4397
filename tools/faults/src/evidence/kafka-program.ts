import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { FaultMesh } from '../mesh/fault-mesh.ts';

/** Where Kafka's own programs are, and the brokers that they ask: past the proxies. */
export type KafkaPrograms = Pick<FaultMesh, 'java' | 'kafkaJars' | 'directBrokers'>;

/** Runs a program of Kafka to its end and answers with what it printed. Rejects with what it complained of. */
export async function kafkaProgram(
  { java, kafkaJars, directBrokers }: KafkaPrograms,
  name: string,
  args: readonly string[],
): Promise<Buffer> {
  const program = spawn(
    java,
    [
      ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-cp', join(kafkaJars, '*'), name],
      ...['--bootstrap-server', directBrokers.join(','), ...args],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const printed: Buffer[] = [];
  const complaints: Buffer[] = [];
  program.stdout.on('data', (bytes: Buffer) => printed.push(bytes));
  program.stderr.on('data', (bytes: Buffer) => complaints.push(bytes));
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  program.once('error', reject);
  program.once('close', (code) => {
    if (code === 0) resolve(Buffer.concat(printed));
    else reject(new Error(`${name} ended with ${code}:\n${Buffer.concat(complaints).toString()}`));
  });
  return promise;
}
