import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@samspill/testing';
import { partitionStates } from '../faults/broker-cluster.ts';
import type { Area, Injected } from '../faults/fault.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { rowOf } from './health-table.ts';
import { faultNamed, inject, instancesIn } from './inject.ts';
import { expectedOfAll, saidByAll } from './said-health.ts';
import { allReady, untilSaid } from './until-said.ts';

/**
 * What is injected, one step after the other: what stands in one step holds together, and what each service lacks adds up.
 * Of each row of the table one at least. A broker that was away leads nothing for a while, hence the order.
 */
export const healthSteps: readonly (readonly string[])[] = [
  ['latency-broker', 'reset-postgres', 'latency-key-vault', 'kill-registry', 'rebuild-ward'],
  ['refuse-broker', 'drop-responses-key-vault'],
  ['half-open-broker', 'cut-key-vault'],
  ['half-open-postgres', 'jump-clock'],
  ['kill-postgres'],
  ['halt-broker'],
  ['kill-two-brokers', 'kill-both-key-vaults'],
];

const leadWithinMs = 90_000;
/** So many looks, each of its own, show that nothing is lacked: also not a moment later. */
const looks = 3;
const lookEveryMs = 1_100;

/**
 * Injects each step, waits until all instances say what the table says, heals it, and waits until all are ready again.
 * What does not matter to them is healed while the next step holds.
 */
export async function tryHealth(mesh: FaultMesh): Promise<void> {
  const healing = new Map<Area, Promise<void>>();
  for (const names of healthSteps) {
    const areas = names.map((name) => faultNamed(name).areas);
    await Promise.all(areas.flat().map(async (area) => healing.get(area)));
    const injected = await Promise.all(names.map((name) => inject(mesh, name)));
    try {
      await saidAsTold(mesh, names, injected);
    } finally {
      injected.forEach(({ heal }, at) => {
        const healed = heal();
        // Whoever needs the area hears of it.
        healed.catch(() => undefined);
        for (const area of areas[at] ?? []) healing.set(area, healed);
      });
    }
    await allReady(mesh);
  }
  await Promise.all(healing.values());
}

async function saidAsTold(
  mesh: FaultMesh,
  names: readonly string[],
  injected: readonly Injected[],
): Promise<void> {
  const what = names.join(', ');
  const rows = names.map(rowOf);
  const lacks = rows.map((row) => row.lacks);
  const silent = injected.flatMap(({ detail }, at) =>
    rows[at]?.isSilent ? instancesIn(detail) : [],
  );
  const expected = expectedOfAll(mesh, lacks, new Set(silent));
  if (rows.some((row) => row.untilOthersLead)) {
    await othersLead(
      mesh,
      injected.flatMap(({ detail }) => brokersIn(detail)),
    );
  }
  await untilSaid(mesh, what, expected);
  if (lacks.some((one) => Object.keys(one).length > 0)) return;
  for (let look = 1; look < looks; look += 1) {
    await pause(lookEveryMs);
    const said = await saidByAll(mesh);
    if (!isDeepStrictEqual(said, expected)) throw new Error(`${what}: ${JSON.stringify(said)}`);
  }
}

const brokersIn = (detail: string): number[] =>
  [...detail.matchAll(/broker-(\d)/g)].map(([, id]) => Number(id));

/** None of these brokers leads a partition any more; the others are asked. */
async function othersLead(mesh: FaultMesh, brokers: readonly number[]): Promise<void> {
  const directBrokers = mesh.directBrokers.filter((_, at) => !brokers.includes(at + 1));
  await until(
    `others than ${brokers.join(', ')} lead`,
    leadWithinMs,
    () => partitionStates({ ...mesh, directBrokers }).catch(() => []),
    (states) =>
      states.length > 0 && states.every(({ leader }) => leader && !brokers.includes(leader)),
  );
}
