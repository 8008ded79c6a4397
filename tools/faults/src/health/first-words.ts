import type { Injected } from '../faults/fault.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { rowOf } from './health-table.ts';
import { inject, instancesIn } from './inject.ts';
import { expectedOfAll, saidByAll, type Said } from './said-health.ts';
import { allReady, untilSaid } from './until-said.ts';

/** One instance of each service stands still. */
export const haltedAtOnce = ['halt-key-vault', 'halt-intake', 'halt-ward'] as const;

/**
 * Has one instance of each service stand still, takes the database away meanwhile, and lets them go on: answers with what
 * they say first. What they saw before they stood still was another thing. The mesh is well again afterwards.
 */
export async function firstWords(mesh: FaultMesh): Promise<Said> {
  await allReady(mesh);
  const halted = await Promise.all(haltedAtOnce.map((name) => inject(mesh, name)));
  const silent = new Set(halted.flatMap(({ detail }) => instancesIn(detail)));
  const others = (said: Said): Said =>
    Object.fromEntries(Object.entries(said).filter(([name]) => !silent.has(name)));
  let away: Injected | undefined;
  try {
    await untilSaid(mesh, haltedAtOnce.join(', '), expectedOfAll(mesh, [], silent));
    away = await inject(mesh, 'half-open-postgres');
    const { lacks } = rowOf('half-open-postgres');
    await untilSaid(mesh, 'half-open-postgres', others(expectedOfAll(mesh, [lacks])));
    await Promise.all(halted.map(({ heal }) => heal()));
    const said = await saidByAll(mesh);
    return Object.fromEntries([...silent].map((name) => [name, said[name] ?? '']));
  } finally {
    await Promise.all([...halted, ...(away ? [away] : [])].map(({ heal }) => heal()));
    await allReady(mesh);
  }
}
