import type { ReadyAnswer } from '@samspill/service';
import { serviceNames } from '@samspill/testing';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { Lacks } from './health-table.ts';

/** Longer than an answer may take, on a busy machine too. */
const answerWithinMs = 3_000;

export type Said = Readonly<Record<string, string>>;

const get = (url: string): Promise<Response | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch(() => undefined);

/** What an instance says of itself: `ready`, `lacks …`, `no answer`, or `not live`, which is never right here. */
async function saidBy(url: string): Promise<string> {
  const [live, ready] = await Promise.all([get(`${url}/health/live`), get(`${url}/health/ready`)]);
  if (live?.ok === false) return 'not live';
  const answer = (await ready?.json().catch(() => undefined)) as ReadyAnswer | undefined;
  if (live === undefined || answer === undefined) return 'no answer';
  const lacking = Object.entries(answer.parts).filter(([, { status }]) => status === 'down');
  for (const [name, { code }] of lacking) {
    if (code === undefined) return `lacks ${name} and does not say why`;
  }
  return textOf(lacking.map(([name]) => name));
}

const textOf = (lacks: readonly string[]): string =>
  lacks.length === 0 ? 'ready' : `lacks ${[...lacks].sort().join(', ')}`;

/** What each of the two instances of each service says, or those that are named. */
export async function saidByAll(mesh: FaultMesh, names?: readonly string[]): Promise<Said> {
  const asked = instancesOf(mesh).filter(({ name }) => names?.includes(name) ?? true);
  return Object.fromEntries(
    await Promise.all(asked.map(async ({ name, url }) => [name, await saidBy(url)] as const)),
  );
}

/** What each of them is to say. */
export const expectedOfAll = (
  mesh: FaultMesh,
  lacks: readonly Lacks[],
  silent: ReadonlySet<string> = new Set(),
): Said =>
  Object.fromEntries(
    instancesOf(mesh).map(({ name, service }) => {
      const all = new Set(lacks.flatMap((one) => one[service] ?? []));
      return [name, silent.has(name) ? 'no answer' : textOf([...all])];
    }),
  );

const instancesOf = ({ urls }: FaultMesh) =>
  serviceNames.flatMap((service) =>
    urls[service].map((url, at) => ({ service, name: `${service}-${at + 1}`, url })),
  );
