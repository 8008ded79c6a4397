import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { History } from '../history/history.ts';
import type { HistoryLine } from '../history/history-line.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { KnownWrites } from './known-writes.ts';
import type { Person } from './people.ts';
import type { PublisherSetting } from './publisher-setting.ts';
import type { Running } from './running.ts';

const restartMs = 500;
const root = join(import.meta.dirname, '../../../..');

export interface PublisherWriterOptions {
  readonly name: string;
  readonly mesh: Pick<FaultMesh, 'brokers' | 'registryUrl' | 'keyVaultUrl' | 'dataDir'>;
  readonly people: readonly Person[];
  readonly history: History;
  readonly known: KnownWrites;
  readonly everyMs: number;
  /** Loaded before its program, and beside its environment: for a publisher with a planted defect. */
  readonly preload?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PublisherWriter extends Running {
  /** Kills the process; another one begins with what this one left open. */
  kill(): void;
}

/** A publisher in a process of its own. Whoever ends it, it is started again until it is stopped. */
export function publisherWriter(options: PublisherWriterOptions): PublisherWriter {
  const { name, mesh, people, history, known, everyMs, preload, env } = options;
  const { brokers, registryUrl, keyVaultUrl, dataDir } = mesh;
  const nextOf = new Map(people.map(({ pseudonym }) => [pseudonym as string, 1]));
  const log = openSync(join(dataDir, `${name}.log`), 'a');
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  const take = (text: string): void => {
    const line = JSON.parse(text) as HistoryLine;
    history.write(line);
    if (line.kind !== 'ok') return;
    nextOf.set(line.patient, line.n + 1);
    known.set(line.patient, { value: line.n, position: line.position });
  };

  const run = async (): Promise<void> => {
    const setting: PublisherSetting = {
      ...{ name, brokers, registryUrl, keyVaultUrl, everyMs },
      people: people.map(({ number, pseudonym }) => ({
        number,
        pseudonym,
        n: nextOf.get(pseudonym) ?? 1,
      })),
    };
    const program = join(import.meta.dirname, 'publisher-process.ts');
    const preloads = ['tsx', ...(preload === undefined ? [] : [preload])];
    const imports = preloads.flatMap((one) => ['--import', one]);
    const started = spawn(process.execPath, [...imports, program], {
      cwd: root,
      env: {
        ...process.env,
        TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json'),
        PUBLISHER_SETTING: JSON.stringify(setting),
        ...env,
      },
      // A session of its own: a Ctrl-C in the terminal is the runner's to deal with.
      detached: true,
      stdio: ['pipe', 'pipe', log],
    });
    child = started;
    if (started.stdout === null) throw new Error('the publisher has no pipe to tell by');
    createInterface({ input: started.stdout }).on('line', take);
    await once(started, 'close');
    if (!stopping.signal.aborted) await pause(restartMs);
  };

  const ended = (async () => {
    while (!stopping.signal.aborted) await run();
    closeSync(log);
  })();
  return {
    stop: () => {
      stopping.abort();
      child?.kill('SIGTERM');
      return ended;
    },
    abandon: () => void child?.kill('SIGKILL'),
    kill: () => void child?.kill('SIGKILL'),
  };
}
