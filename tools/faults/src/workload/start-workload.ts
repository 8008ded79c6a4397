import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@samspill/testing';
import type { History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { hubWriter, type HubWriter } from './hub-writer.ts';
import type { KnownWrites } from './known-writes.ts';
import { orderer } from './orders.ts';
import { makePeople, type Person } from './people.ts';
import { publisherWriter } from './publisher-writer.ts';
import { reader } from './reader.ts';
import type { Running } from './running.ts';

export interface WorkloadOptions {
  readonly mesh: Pick<FaultMesh, 'brokers' | 'registryUrl' | 'keyVaultUrl' | 'urls' | 'dataDir'>;
  readonly history: History;
  readonly seed: string | number;
}

/**
 * How many there are, and how long each waits between two of its doings: some 100 events a second on two cores that are
 * shared with the whole mesh.
 */
const pace = {
  people: 64,
  readers: 3,
  hubEveryMs: 400,
  publisherEveryMs: 500,
  readEveryMs: 100,
  orderEveryMs: 15_000,
};

export interface Workload {
  /** Kills the publisher's process; it is started again at once. */
  killPublisher(): void;
  /**
   * Begins nothing new and waits until everything has its outcome, `withinMs` at most; what is open then stays without one.
   * Call it when the faults are healed.
   */
  stop(withinMs?: number): Promise<void>;
}

const drainMs = 90_000;

/**
 * Writers, readers and orders, from now on until `stop`: through the intake, through a publisher, and at the key vault.
 * Each writer waits for the outcome of a patient's operation before the next. Everything that happens is in the history.
 */
export async function startWorkload({ mesh, history, seed }: WorkloadOptions): Promise<Workload> {
  const people = await makePeople(mesh.keyVaultUrl, { seed: `faults/${seed}`, count: pace.people });
  const known: KnownWrites = new Map();
  const common = { mesh, history, known };

  const hubs = lanesOf(people.filter(({ sentBy }) => sentBy === 'hub')).map((lane, index) => {
    const name = `hub-${index + 1}`;
    const random = seededRandom(seed, name);
    return hubWriter({ ...common, name, people: lane, random, everyMs: pace.hubEveryMs });
  });
  const publisher = publisherWriter({
    ...common,
    name: 'publisher',
    people: people.filter(({ sentBy }) => sentBy === 'publisher'),
    everyMs: pace.publisherEveryMs,
  });
  const orders = people
    .filter((person) => person.orders !== 'none')
    .map((person) => orderer(orderOptions(person, hubs)));
  const readers = Array.from({ length: pace.readers }, (_, index) =>
    reader({
      ...common,
      people: people.filter(({ orders: ordered }) => ordered === 'none'),
      random: seededRandom(seed, 'reader', index),
      everyMs: pace.readEveryMs,
    }),
  );

  function orderOptions(person: Person, writers: readonly HubWriter[]) {
    return {
      mesh,
      history,
      person,
      random: seededRandom(seed, 'orders', person.number),
      everyMs: pace.orderEveryMs,
      onShred: () => writers.forEach((writer) => writer.leavePast(person)),
    };
  }

  return {
    killPublisher: () => publisher.kill(),
    stop: async (withinMs = drainMs) => {
      const running: readonly Running[] = [...orders, ...hubs, publisher, ...readers];
      const ended = Promise.all(running.map((one) => one.stop()));
      const answered = new AbortController();
      const late = pause(withinMs, undefined, { signal: answered.signal }).then(
        () => running.forEach((one) => one.abandon()),
        () => undefined,
      );
      await ended;
      answered.abort();
      await late;
    },
  };
}

/** So few lanes that no two people of one are on the same partition: then each position of an answer is one person's. */
function lanesOf(people: readonly Person[]): Person[][] {
  const lanes: Person[][] = [];
  for (const person of people) {
    const lane = lanes.find((one) => one.every(({ partition }) => partition !== person.partition));
    if (lane === undefined) lanes.push([person]);
    else lane.push(person);
  }
  return lanes;
}
