import { setTimeout as pause } from 'node:timers/promises';
import { probePoints, type CrashPoint } from '../inside/orders.ts';
import type { InstanceName } from '../mesh/fault-mesh.ts';
import { halted, killed, type Fault, type FaultGround, type Injected } from './fault.ts';
import { ownedBy, takenOver } from './ownership.ts';

const shortly = [500, 8_000] as const;
/** Longer than the session of a consumer: it comes back as a zombie. */
const beyondSession = [8_000, 15_000] as const;
const crashWithinMs = 20_000;
const leaveWithinMs = 20_000;

type Numbered = 'key-vault' | 'measurements' | 'emergency-ward';
const anyOf = ({ random }: FaultGround, service: Numbered): InstanceName =>
  `${service}-${random.pick([1, 2])}`;

/** A consumer that is gone; others take over what it owned. */
async function withoutConsumer(
  ground: FaultGround,
  service: 'measurements' | 'emergency-ward',
  take: (ground: FaultGround, part: InstanceName) => Injected | Promise<Injected>,
): Promise<Injected> {
  const { mesh } = ground;
  const instance = anyOf(ground, service);
  const owned = await ownedBy(mesh, instance);
  const injected = await take(ground, instance);
  if (owned.size === 0) return injected;
  return {
    ...injected,
    goesOn: { what: 'takeover', until: (over) => takenOver(mesh, instance, owned, over) },
  };
}

/** Has an instance end in the midst of a batch. Where it comes to no such point in time, it is killed where it is. */
const crashed =
  (point: CrashPoint) =>
  async (ground: FaultGround, instance: InstanceName): Promise<Injected> => {
    const { mesh, random } = ground;
    const pid = mesh.pidOf(instance);
    mesh.expectEnd(instance);
    mesh.order(instance, { crashAt: { point, times: random.whole(1, 5) } });
    const until = Date.now() + crashWithinMs;
    while (mesh.pidOf(instance) !== undefined && Date.now() < until) await pause(20);
    const came = mesh.pidOf(instance) !== pid;
    const injected = killed(ground, instance);
    return came
      ? injected
      : { ...injected, detail: `${instance}, which did not come to the point in time` };
  };

/** Every instance, whichever service it is of. */
const anyInstance = (ground: FaultGround): InstanceName =>
  anyOf(ground, ground.random.pick(['key-vault', 'measurements', 'emergency-ward']));

export const instanceFaults: readonly Fault[] = [
  {
    name: 'kill-intake',
    areas: ['measurements'],
    lastsMs: shortly,
    weight: 2,
    inject: (ground) => withoutConsumer(ground, 'measurements', killed),
  },
  {
    name: 'halt-intake',
    areas: ['measurements'],
    lastsMs: beyondSession,
    inject: (ground) => withoutConsumer(ground, 'measurements', halted),
  },
  {
    name: 'kill-ward',
    areas: ['emergency-ward'],
    lastsMs: shortly,
    weight: 2,
    inject: (ground) => withoutConsumer(ground, 'emergency-ward', killed),
  },
  {
    name: 'halt-ward',
    areas: ['emergency-ward'],
    lastsMs: beyondSession,
    weight: 2,
    inject: (ground) => withoutConsumer(ground, 'emergency-ward', halted),
  },
  ...probePoints.map((point): Fault => ({
    name: `kill-ward-when-${point}`,
    areas: ['emergency-ward'],
    lastsMs: shortly,
    inject: (ground) => withoutConsumer(ground, 'emergency-ward', crashed(point)),
  })),
  {
    name: 'join-ward',
    areas: ['emergency-ward'],
    lastsMs: [3_000, 12_000],
    inject: async ({ mesh }) => {
      await mesh.restart('emergency-ward-3');
      return {
        detail: 'emergency-ward-3 joins, and leaves in good order',
        heal: async () => {
          mesh.kill('emergency-ward-3', 'SIGTERM');
          const until = Date.now() + leaveWithinMs;
          while (mesh.pidOf('emergency-ward-3') !== undefined && Date.now() < until)
            await pause(50);
          mesh.kill('emergency-ward-3', 'SIGKILL');
        },
      };
    },
  },
  {
    name: 'kill-key-vault',
    areas: ['key-vault'],
    lastsMs: shortly,
    inject: (ground) => Promise.resolve(killed(ground, anyOf(ground, 'key-vault'))),
  },
  {
    name: 'halt-key-vault',
    areas: ['key-vault'],
    lastsMs: beyondSession,
    inject: (ground) => Promise.resolve(halted(ground, anyOf(ground, 'key-vault'))),
  },
  {
    name: 'kill-both-key-vaults',
    areas: ['key-vault'],
    lastsMs: shortly,
    inject: (ground) => {
      const taken = ([1, 2] as const).map((number) => killed(ground, `key-vault-${number}`));
      return Promise.resolve({
        detail: 'key-vault-1 and key-vault-2',
        heal: async () => {
          await Promise.all(taken.map(({ heal }) => heal()));
        },
      });
    },
  },
  {
    name: 'jump-clock',
    areas: [],
    lastsMs: [1_000, 15_000],
    inject: (ground) => {
      const { mesh, random } = ground;
      const instance = anyInstance(ground);
      const minutes = random.pick([-60, -10, -2, 2, 10, 60]);
      mesh.order(instance, { clockShiftMs: minutes * 60_000 });
      return Promise.resolve({
        detail: `${instance} by ${minutes} min`,
        heal: () => {
          mesh.order(instance, {});
          return Promise.resolve();
        },
      });
    },
  },
];
