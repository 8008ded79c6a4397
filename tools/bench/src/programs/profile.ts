import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The part of a V8 CPU profile that is read. Times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const shownMax = 40;
/** Where the process waits, or is told apart by nobody. */
const idle: ReadonlySet<string> = new Set(['(idle)', '(program)']);

/** The profile that Node wrote to the folder when the process ended, as text; paths are told from `top`. */
export function profileIn(folder: string, top: string): string {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`no profile in ${folder}`);
  return profileText(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile, top);
}

/** The functions in which most time was spent, callees not counted, with their share of the time at work. */
export function profileText({ nodes, samples, timeDeltas }: CpuProfile, top: string): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, top)]));
  const spent = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '(unknown)';
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const atWork = [...spent].filter(([name]) => !idle.has(name));
  const total = atWork.reduce((sum, [, us]) => sum + us, 0);
  const rows = atWork
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, shownMax)
    .map(([name, us]) => `${ms(us)} ms ${share(us, total)} %  ${name}`);
  return [
    'Self time by function: callees not counted, share of the time at work on the main thread.',
    `${ms(total)} ms at work; idle ${ms(spent.get('(idle)') ?? 0)} ms; native code that no function is known of ${ms(spent.get('(program)') ?? 0)} ms`,
    '',
    ...rows,
    '',
  ].join('\n');
}

const ms = (us: number): string =>
  Math.round(us / 1_000)
    .toFixed(0)
    .padStart(7);
const share = (us: number, total: number): string => ((100 * us) / total).toFixed(1).padStart(5);

function nameOf(
  { functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame'],
  top: string,
): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const path = url.startsWith('file:') ? relative(top, fileURLToPath(url)) : url;
  // TypeScript runs as it was translated, and the lines are those of the translation.
  return `${name}  ${path}${path.endsWith('.ts') ? '' : `:${lineNumber + 1}`}`;
}
