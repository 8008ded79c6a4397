import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  consumerSettings,
  type ConsumerSettings,
  type FromConsumer,
  type Hold,
} from './consumer-messages.ts';
import { topFolder } from './edited-source.ts';
import { mutantSetting, plantMutant } from './mutant.ts';

/** A consumer in a process of its own, with the defect of a mutant or without. */
export interface ConsumerProcess {
  /** Resolves once it is held; rejects when it has ended. */
  readonly held: Promise<void>;
  holdNext(hold: Hold): void;
  /** Lets it go on. */
  go(): void;
  saidInLog(text: string): boolean;
  hasEnded(): boolean;
  kill(): Promise<void>;
  /** Lets it go on and leave its group, and kills it when it does not. */
  end(): Promise<void>;
}

export interface ConsumerStart {
  readonly settings: ConsumerSettings;
  /** Name of its mutant; none when undefined. */
  readonly mutant: string | undefined;
  readonly logFile: string;
}

/** One that is killed keeps its partitions from the next trial for the rest of its session. */
const endMs = 30_000;

/** Starts it and resolves when it has joined its group; rejects when it ends before. */
export async function startConsumer({
  settings,
  mutant,
  logFile,
}: ConsumerStart): Promise<ConsumerProcess> {
  const planting = mutant === undefined ? [] : ['--import', plantMutant];
  const program = join(import.meta.dirname, 'consumer.program.ts');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--import', 'tsx', ...planting, program], {
    cwd: topFolder,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TSX_TSCONFIG_PATH: join(topFolder, 'tsconfig.base.json'),
      [consumerSettings]: JSON.stringify(settings),
      ...(mutant !== undefined && { [mutantSetting]: mutant }),
    },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let held = Promise.withResolvers<undefined>();
  const started = Promise.withResolvers<undefined>();
  child.on('message', (message: FromConsumer) => {
    (message.kind === 'held' ? held : started).resolve(undefined);
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  child.once('exit', () => {
    const error = new Error(`the consumer ended; see ${logFile}`);
    started.reject(error);
    held.reject(error);
  });
  held.promise.catch(() => undefined);
  await started.promise;

  const kill = async (): Promise<void> => ended(child, 'SIGKILL');
  return {
    get held() {
      return held.promise;
    },
    holdNext: (hold) => {
      held = Promise.withResolvers<undefined>();
      held.promise.catch(() => undefined);
      child.send({ kind: 'hold', hold });
    },
    go: () => void child.send({ kind: 'go' }),
    saidInLog: (text) => readFileSync(logFile, 'utf8').includes(text),
    hasEnded,
    kill,
    end: async () => {
      const late = setTimeout(() => child.kill('SIGKILL'), endMs);
      await ended(child, 'SIGTERM');
      clearTimeout(late);
    },
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
