import { measurements } from '@samspill/contracts';
import { brokerIds, type BrokerId, type BrokerName } from '../mesh/fault-mesh.ts';
import { allInSync, controllerOf, ledBy, partitionStates } from './broker-cluster.ts';
import { halted, killed, type Fault, type FaultGround, type Injected } from './fault.ts';

const anyBroker = ({ random }: FaultGround): BrokerId => random.pick(brokerIds);

/** The broker that leads a partition of the measurements. */
async function anyLeader({ mesh, random }: FaultGround): Promise<BrokerId> {
  const leaders = (await partitionStates(mesh))
    .filter(({ topic }) => topic === measurements.topic)
    .flatMap(({ leader }) => leader ?? []);
  return leaders[random.whole(0, leaders.length - 1)] ?? 1;
}

/** Publishing to what the broker led goes on under another leader. The next broker may go when this one has caught up. */
async function without(
  ground: FaultGround,
  broker: BrokerId,
  take: (ground: FaultGround, part: BrokerName) => Injected | Promise<Injected>,
): Promise<Injected> {
  const { mesh, acknowledgements } = ground;
  const led = ledBy(await partitionStates(mesh), broker).map(({ partition }) => partition);
  const { detail, heal } = await take(ground, `broker-${broker}`);
  return {
    detail: `${detail}, which led ${led.length === 0 ? 'nothing' : led.join(', ')}`,
    ...(led.length > 0 && {
      goesOn: { what: 'publishing', until: (over) => acknowledgements.ofEach(led, over) },
    }),
    heal: async () => {
      await heal();
      await allInSync(mesh);
    },
  };
}

const shortly = [500, 8_000] as const;
/** Longer than the session of a broker. */
const beyondSession = [7_000, 15_000] as const;

export const brokerFaults: readonly Fault[] = [
  {
    name: 'kill-leader',
    areas: ['brokers'],
    lastsMs: shortly,
    weight: 2,
    inject: async (ground) => without(ground, await anyLeader(ground), killed),
  },
  {
    name: 'kill-controller',
    areas: ['brokers'],
    lastsMs: shortly,
    inject: async (ground) => without(ground, await controllerOf(ground.mesh), killed),
  },
  {
    name: 'kill-broker',
    areas: ['brokers'],
    lastsMs: shortly,
    inject: (ground) => without(ground, anyBroker(ground), killed),
  },
  {
    name: 'halt-broker',
    areas: ['brokers'],
    lastsMs: beyondSession,
    weight: 2,
    inject: (ground) => without(ground, anyBroker(ground), halted),
  },
  {
    // Nothing can be acknowledged meanwhile: everything waits.
    name: 'kill-two-brokers',
    areas: ['brokers'],
    lastsMs: [1_000, 8_000],
    weight: 0.3,
    inject: (ground) => {
      const spared = anyBroker(ground);
      const both = brokerIds.filter((id) => id !== spared).map((id) => `broker-${id}` as const);
      const taken = both.map((part) => killed(ground, part));
      return Promise.resolve({
        detail: both.join(' and '),
        heal: async () => {
          await Promise.all(taken.map(({ heal }) => heal()));
          await allInSync(ground.mesh);
        },
      });
    },
  },
  {
    // The broker ends by itself when it can write no more.
    name: 'fill-disk',
    areas: ['brokers'],
    lastsMs: [3_000, 15_000],
    notRunOn: ({ smallDisk }) => (typeof smallDisk === 'string' ? smallDisk : undefined),
    inject: async (ground) => {
      const { smallDisk } = ground.mesh;
      if (typeof smallDisk === 'string') throw new Error(smallDisk);
      const id = brokerIds.find((one) => smallDisk.broker === `broker-${one}`) ?? 1;
      return without(ground, id, async ({ mesh }, part) => {
        mesh.expectEnd(part);
        await smallDisk.fill();
        return {
          detail: `the disk of ${part}`,
          heal: () => {
            if (mesh.pidOf(part) !== undefined) smallDisk.free();
            return mesh.restart(part);
          },
        };
      });
    },
  },
];
