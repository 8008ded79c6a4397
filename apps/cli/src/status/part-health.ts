import { askBroker, withDatabase } from '@samspill/local-stack';
import { z } from 'zod';
import type { MeshPart } from './mesh-part.ts';

export type Health = Pick<MeshPart, 'health' | 'lacks'>;

const answerWithinMs = 3_000;
const ready: Health = { health: 'ready', lacks: [] };
const silent: Health = { health: 'no answer', lacks: [] };
const readiness = z.object({ parts: z.record(z.string(), z.object({ status: z.string() })) });

/** A broker that answers, and that its cluster has let in. */
export async function brokerHealth(address: string): Promise<Health> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return askBroker(Number(port), hostname).then(
    () => ready,
    () => silent,
  );
}

/** A database that answers a question. */
export const databaseHealth = (url: string): Promise<Health> =>
  withDatabase(url, (db) => db.query('select'), {
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  }).then(
    () => ready,
    () => silent,
  );

export async function registryHealth(url: string): Promise<Health> {
  const answer = await get(`${url}/subjects`);
  if (answer === undefined) return silent;
  return answer.ok ? ready : { health: 'not ready', lacks: [`answers ${answer.status}`] };
}

/** By `/health/ready`, which names what is lacking, and `/health/live`, which says that a restart would help. */
export async function serviceHealth(url: string): Promise<Health> {
  const [isReady, isLive] = await Promise.all([
    get(`${url}/health/ready`),
    get(`${url}/health/live`),
  ]);
  if (isLive === undefined) return silent;
  if (!isLive.ok) return { health: 'not live', lacks: [] };
  if (isReady?.ok) return ready;
  if (isReady === undefined) return { health: 'not ready', lacks: ['slow to say why'] };
  const said = readiness.safeParse(await isReady.json().catch(() => undefined));
  const parts = said.success ? Object.entries(said.data.parts) : [];
  const lacks = parts.flatMap(([name, { status }]) => (status === 'up' ? [] : [name]));
  return { health: 'not ready', lacks };
}

const get = (url: string): Promise<Response | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch(() => undefined);
