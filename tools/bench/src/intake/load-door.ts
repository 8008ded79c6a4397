import type { EventLog } from '@samspill/event-log';
import type { Measured } from '../frame/samples.ts';
import { startMeter, type MeteredPart } from '../meters/meter.ts';
import { hubAt, type Door } from './door.ts';
import { observations } from './observations.ts';
import { patients } from './patients.ts';
import type { Phase } from './phases.ts';

/** Posts measurements at doors, each of them a new one. */
export interface DoorLoad {
  /** One for each patient who is to be known. */
  warmUp(door: Door): Promise<void>;
  /** One load; its numbers, once the log is seen to have grown by what was acknowledged. */
  load(
    door: Door,
    phase: Phase,
    parts: Readonly<Record<string, MeteredPart>>,
  ): Promise<readonly Measured[]>;
  /** Acknowledged at the door so far. */
  acknowledged(door: Door): number;
}

const warmUpCallers = 64;

export interface LoadOptions {
  /** Of each load. */
  readonly lastsMs: number;
  /** Patients whom the mesh knows. */
  readonly known: number;
  readonly signal: AbortSignal;
}

export function doorLoad(
  eventLog: Pick<EventLog, 'ranges'>,
  { lastsMs, known, signal }: LoadOptions,
): DoorLoad {
  const bodyOf = observations();
  const people = patients(known);
  const acknowledged = new Map<Door, number>();
  let sent = 0;

  const recordsOn = async ({ topic }: Door): Promise<number> =>
    (await eventLog.ranges(topic)).reduce((sum, { end }) => sum + end, 0);

  /** Lets the work send, and counts what the log has by it. */
  const counted = async (
    door: Door,
    connections: number | undefined,
    work: (post: (nationalId: string) => Promise<void>) => Promise<number>,
  ): Promise<void> => {
    const before = await recordsOn(door);
    const hub = hubAt(door, signal, connections);
    try {
      const answered = await work((nationalId) =>
        hub.post(bodyOf(nationalId, String((sent += 1)))),
      );
      const grown = (await recordsOn(door)) - before;
      if (grown !== answered) throw new Error(`${answered} acknowledged, ${grown} on the log`);
      acknowledged.set(door, (acknowledged.get(door) ?? 0) + answered);
    } finally {
      await hub.close();
    }
  };

  return {
    warmUp: (door) =>
      counted(door, warmUpCallers, async (post) => {
        for (let from = 0; from < known; from += warmUpCallers) {
          const length = Math.min(warmUpCallers, known - from);
          await Promise.all(Array.from({ length }, (_, index) => post(people.known(from + index))));
        }
        return known;
      }),

    load: async (door, { run, isCold, connections }, parts) => {
      const measured: Measured[] = [];
      await counted(door, connections, async (post) => {
        const meter = startMeter(parts);
        const { answered, perSecond, times } = await run(lastsMs, (n) =>
          post(isCold ? people.fresh() : people.known(n)),
        );
        measured.push(
          { name: 'acknowledged', unit: 'a second', value: perSecond },
          { name: 'p50', unit: 'ms', value: times.percentile(50) },
          { name: 'p99', unit: 'ms', value: times.percentile(99) },
          ...meter.stop().map((one) => (one.unit === 's' ? each(one, answered) : one)),
        );
        return answered;
      });
      return measured;
    },

    acknowledged: (door) => acknowledged.get(door) ?? 0,
  };
}

/** What it took for one of so many. */
const each = ({ name, value }: Measured, count: number): Measured => ({
  name: `${name}, each`,
  unit: 'ms',
  value: (value * 1_000) / count,
});
