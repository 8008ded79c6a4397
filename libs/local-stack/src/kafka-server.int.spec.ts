import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { planKafka } from './kafka-server.ts';
import { obtainPrograms, type ServerPrograms } from './server-programs.ts';

let programs: ServerPrograms;
beforeAll(async () => {
  programs = await obtainPrograms(() => undefined);
});

it('formats the folder of a node, also where the random id of its cluster begins with a hyphen', async () => {
  const { java, kafkaJars: jars } = programs;
  const folder = await mkdtemp(join(tmpdir(), 'samspill-kafka-'));
  const id = '-AAAAAAAAAAAAAAAAAAAAA';
  const [port, controllerPort] = [9092, 9093];
  const cluster = {
    id,
    nodeId: 1,
    controllerPorts: { 1: controllerPort },
    innerPort: 9094,
    advertisedPort: port,
  };
  try {
    const logFile = join(folder, 'kafka.log');
    await planKafka({ java, jars, folder, logFile, port, controllerPort, cluster });
    expect(await readFile(join(folder, 'data/meta.properties'), 'utf8')).toContain(
      `cluster.id=${id}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
