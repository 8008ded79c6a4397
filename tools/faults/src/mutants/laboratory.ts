import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataProducts, measurements } from '@samspill/contracts';
import { kafkaEventLog } from '@samspill/event-log';
import { formatPosition } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { openWireFormat } from '@samspill/schema-registry';
import { publishReadings, seededRandom } from '@samspill/testing';
import { fileHistory, type History } from '../history/history.ts';
import type { OrderAction } from '../history/history-line.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { startFaultMesh } from '../mesh/start-mesh.ts';
import { giveOrder } from '../workload/give-order.ts';
import { hubWriter } from '../workload/hub-writer.ts';
import { makePeople, type Person } from '../workload/people.ts';
import { consumerTrial, type ConsumerTrial } from './consumer-trial.ts';
import { counting } from './counting.ts';
import { publisherTrial, type PublisherTrial } from './publisher-trial.ts';

/** A mesh of brokers, key vaults and intakes, on which processes with a defect are tried one after the other. */
export interface Laboratory {
  readonly mesh: FaultMesh;
  readonly history: History;
  /** A consumer with a read model of its own. */
  consumerTrial(mutant: string | undefined, sessionTimeoutMs?: number): Promise<ConsumerTrial>;
  /** A publisher with people of its own. */
  publisherTrial(mutant: string | undefined): Promise<PublisherTrial>;
  /** Of whom the log holds nothing yet; the next one that fits. */
  newPerson(fits?: (person: Person) => boolean): Person;
  /** Publishes so many measurements of the person, past every proxy; acknowledged when it resolves. */
  publish(person: Person, count: number): Promise<void>;
  /** Ends the processes of the trials so far, whatever became of them. */
  endTrials(): Promise<void>;
  /** Closes or opens the grant of the consumer under trial. */
  order(person: Person, action: Exclude<OrderAction, 'shred'>): Promise<void>;
  close(): Promise<void>;
}

const seed = 'mutants';
const hubRounds = 40;

/** Starts it with a log in which measurements are corrected and taken back, and which holds a producer's repeats. */
export async function openLaboratory(): Promise<Laboratory> {
  const dataDir = await mkdtemp(join(tmpdir(), 'samspill-mutants-'));
  const services = ['key-vault', 'measurements'] as const;
  const mesh = await startFaultMesh({ dataDir, services });
  const history = fileHistory(join(dataDir, 'history.ndjson'));
  const people = (await makePeople(mesh.keyVaultUrl, { seed, count: 300 }))[Symbol.iterator]();
  const wire = await openWireFormat({ registryUrl: mesh.registryUrl, products: dataProducts });
  const log = kafkaEventLog({ brokers: mesh.directBrokers, clientId: 'measurements' });
  const publisher = log.publisher();
  const keys = httpKeyClient({ url: mesh.keyVaultUrl, clientId: 'measurements' });
  let orders = 0;
  let trials = 0;
  const endings: (() => Promise<void>)[] = [];

  const newPerson: Laboratory['newPerson'] = (fits = () => true) => {
    for (const person of people) if (fits(person)) return person;
    throw new Error('all people have been used');
  };
  const publish = async (person: Person, count: number): Promise<void> => {
    const patient = person.pseudonym;
    for (let n = 1; n <= count; n += 1) {
      const operation = { op: `direct/${person.number}/${n}`, patient, n };
      const via = 'log';
      history.write({ kind: 'invoke', ...operation, action: 'record', measurement: n, via });
      const parts = { keys, wire, publisher };
      const [published] = await publishReadings(parts, [{ patient, value: n }]);
      if (published === undefined) throw new Error('no answer');
      const position = formatPosition(published.position);
      history.write({ kind: 'ok', ...operation, ...published, position });
    }
  };

  const laboratory: Laboratory = {
    mesh,
    history,
    consumerTrial: (mutant, sessionTimeoutMs) =>
      consumerTrial({ mesh, history, number: (trials += 1), endings }, mutant, sessionTimeoutMs),
    publisherTrial: (mutant) => {
      trials += 1;
      const own = Array.from({ length: 24 }, () => newPerson());
      return publisherTrial({ mesh, history, number: trials, endings, people: own }, mutant);
    },
    endTrials: async () => {
      await Promise.all(endings.splice(0).map((end) => end()));
    },
    newPerson,
    publish,
    order: async (person, action) => {
      orders += 1;
      const about = { order: `${action}/${orders}`, action, patient: person.pseudonym };
      history.write({ kind: 'order', ...about, via: 'key-vault-1' });
      const { isDone, text } = await giveOrder(mesh.urls['key-vault'][0] ?? '', action, person);
      if (!isDone) throw new Error(`the key vault answered ${text}`);
      history.write({ kind: 'ordered', ...about, answer: text });
    },
    close: async () => {
      await laboratory.endTrials();
      await publisher.close();
      await log.close();
      await mesh.stop();
      history.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await fillLog();
    return laboratory;
  } catch (error) {
    await laboratory.close();
    throw error;
  }

  async function fillLog(): Promise<void> {
    const patients = onePerPartition(newPerson);
    const answered = counting(history);
    const hub = hubWriter({
      name: 'hub',
      mesh,
      people: patients,
      history: answered,
      known: new Map(),
      random: seededRandom(seed, 'hub'),
      everyMs: 5,
    });
    const enough = patients.length * hubRounds;
    while (answered.countOf('ok') < enough) await pause(200);
    await hub.stop();
    const repeated = newPerson();
    await publish(repeated, 10);
    const again = Array.from({ length: 5 }, (_, n) => ({
      patient: repeated.pseudonym,
      value: n + 1,
    }));
    await publishReadings({ keys, wire, publisher }, again);
  }
}

/** A hub knows by the partition which of the positions in an answer is whose. */
function onePerPartition(newPerson: () => Person): Person[] {
  const people = Array.from({ length: measurements.partitions * 4 }, () => newPerson());
  const byPartition = Map.groupBy(people, ({ partition }) => partition);
  return [...byPartition.values()].flatMap(([first]) => first ?? []);
}
