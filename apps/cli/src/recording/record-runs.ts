import { runInTerminal } from '../support/run-in-terminal.ts';
import { runSamspill } from '../support/run-samspill.ts';
import { normaliser, type Places } from './normalise.ts';
import type { Run } from './page.ts';
import type { RecordedMesh, Recording } from './recording.ts';
import { screenText } from './screen-text.ts';

const size = { columns: 100, rows: 50 };

/** Nothing of the mesh of whoever records. */
const ownServers = Object.fromEntries(
  [
    ...['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL'],
    ...['KEY_VAULT_URL', 'MEASUREMENTS_URL', 'EMERGENCY_WARD_URL'],
  ].map((name) => [name, undefined]),
);

export interface RecordOptions extends Places {
  readonly signal: AbortSignal;
  readonly onRun: (run: Run) => void;
}

/** Runs each command in a terminal, one after the other. Rejects where what is to be given does not come about. */
export async function recordRuns(
  recordings: readonly Recording[],
  { signal, onRun, ...places }: RecordOptions,
): Promise<Run[]> {
  const { dataDir, folder } = places;
  const names = new Map<string, string>();
  const own = (args: readonly string[]): string[] => ['--data-dir', dataDir, ...args];
  const options = { env: ownServers, cwd: folder };
  const mesh: RecordedMesh = {
    ...{ dataDir, folder },
    name: (name, value) => names.set(name, value),
    ask: async (...args) => {
      const { out, err } = await runSamspill(own(args), options);
      if (out === '') throw new Error(err);
      return JSON.parse(out) as unknown;
    },
  };
  const normalised = normaliser(places);
  const runs: Run[] = [];
  for (const { command, given, lines = Infinity } of recordings) {
    signal.throwIfAborted();
    await given?.(mesh);
    const typed = command.replace(/\{(\w+)\}/g, (_, name: string) => names.get(name) ?? '?');
    const { out, exitCode } = await runInTerminal(own(wordsOf(typed)), { ...size, ...options });
    const text = normalised(await screenText(out, size.columns));
    const run = {
      command: normalised(typed),
      output: cut(text, lines),
      exitCode: exitCode ?? 0,
    };
    runs.push(run);
    onRun(run);
  }
  return runs;
}

/** Without the name of the program. */
const wordsOf = (typed: string): string[] =>
  [...typed.matchAll(/"([^"]*)"|\S+/g)].slice(1).map(([word, quoted]) => quoted ?? word);

function cut(text: string, lines: number): string {
  const all = text.split('\n');
  return all.length <= lines ? text : [...all.slice(0, lines), '…'].join('\n');
}
