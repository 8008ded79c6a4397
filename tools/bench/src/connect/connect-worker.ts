import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, ServerGroup, startReaper, type StackAddresses } from '@samspill/local-stack';
import type { MeteredPart } from '../meters/meter.ts';
import type { SinkPrograms } from './sink-programs.ts';

/** A worker of Kafka Connect, as a process of its own. */
export interface ConnectWorker {
  readonly part: MeteredPart;
  /** Asks its REST interface; rejects unless the answer is a 2xx. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Of all flags that were tried this collector was best on two cores. */
const flags = ['-Xms256M', '-Xmx2G', '-XX:+UseParallelGC'];

export interface WorkerStart extends SinkPrograms {
  readonly java: string;
  readonly stack: StackAddresses;
  readonly folder: string;
  /** Aborted: it is ended at once, and whoever waits for it hears of that. */
  readonly signal: AbortSignal;
}

/** Starts a fresh worker and waits until it answers. */
export async function startConnectWorker(start: WorkerStart): Promise<ConnectWorker> {
  const { java, connectJars, pluginFolders, stack, folder, signal } = start;
  signal.throwIfAborted();
  const port = await freePort(new Set());
  const url = `http://127.0.0.1:${port}`;
  const home = join(folder, `connect-${port}`);
  await mkdir(home, { recursive: true });
  const config = join(home, 'worker.properties');
  await writeFile(
    config,
    [
      `bootstrap.servers=${stack.kafkaBrokers.join(',')}`,
      'key.converter=org.apache.kafka.connect.storage.StringConverter',
      'value.converter=org.apache.kafka.connect.storage.StringConverter',
      `offset.storage.file.filename=${join(home, 'offsets')}`,
      `listeners=${url}`,
      `plugin.path=${pluginFolders.join(',')}`,
    ].join('\n'),
  );
  const ask: ConnectWorker['ask'] = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  const group = new ServerGroup<'connect'>(startReaper());
  const end = (): void => group.signal('connect', 'SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    await group.start({
      part: 'connect',
      command: java,
      args: [
        ...flags,
        ...['-cp', join(connectJars, '*')],
        ...['org.apache.kafka.connect.cli.ConnectStandalone', config],
      ],
      cwd: home,
      env: {},
      stopSignal: 'SIGTERM',
      logFile: join(folder, `connect-${port}.log`),
      answers: () => ask('GET', '/connectors'),
    });
  } catch (error) {
    await group.stop();
    throw error;
  }
  return {
    part: { pid: group.processes[0]?.pid ?? 0 },
    ask,
    stop: async () => {
      signal.removeEventListener('abort', end);
      await group.stop();
    },
  };
}
