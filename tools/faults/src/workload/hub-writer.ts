import { setTimeout as pause } from 'node:timers/promises';
import { homeHub, type SeededRandom } from '@samspill/testing';
import type { History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { outcomesOf, type HubOutcome, type SentOperation } from './hub-answer.ts';
import { bundleOfOperations, HubPatient } from './hub-patient.ts';
import type { KnownWrites } from './known-writes.ts';
import type { Person } from './people.ts';
import type { Running } from './running.ts';

/** Longer than an intake waits for the log: an answer that says "unknown" is worth more than none. */
const timeoutMs = 12_000;
const retryMs = 250;

export interface HubWriterOptions {
  readonly name: string;
  readonly mesh: Pick<FaultMesh, 'urls'>;
  /** On different partitions. */
  readonly people: readonly Person[];
  readonly history: History;
  readonly known: KnownWrites;
  readonly random: SeededRandom;
  readonly everyMs: number;
}

export interface HubWriter extends Running {
  /** The person is being shredded. */
  leavePast(person: Person): void;
}

/**
 * A hub: one operation of each of its people in a call, the next ones when all have an outcome. What has none is sent
 * again, the very same, to the other instance.
 */
export function hubWriter(options: HubWriterOptions): HubWriter {
  const { name, mesh, people, history, known, random, everyMs } = options;
  const hubs = mesh.urls.measurements.map((url, index) => ({
    via: `measurements-${index + 1}`,
    hub: homeHub(url, timeoutMs),
  }));
  const patients = people.map((person) => new HubPatient(person, name, random));
  const stopping = new AbortController();
  let calls = 0;

  const send = async (sent: readonly SentOperation[]): Promise<HubOutcome[]> => {
    const instance = hubs[calls % hubs.length];
    calls += 1;
    if (instance === undefined) throw new Error('no intake to send to');
    for (const { operation } of sent) {
      const { op, patient, n, action, measurement } = operation;
      history.write({ kind: 'invoke', op, patient, n, action, measurement, via: instance.via });
    }
    try {
      const operations = sent.map(({ operation }) => operation);
      return outcomesOf(sent, await instance.hub.post(bundleOfOperations(operations)));
    } catch (error) {
      const why = error instanceof Error ? error.name : 'no answer';
      return sent.map(({ operation: { op, patient, n } }) => ({
        kind: 'info',
        op,
        patient,
        n,
        why,
      }));
    }
  };

  const round = async (signal: AbortSignal): Promise<void> => {
    let open = patients.map((patient) => ({
      patient,
      operation: patient.next(),
      partition: patient.person.partition,
    }));
    while (open.length > 0 && !signal.aborted) {
      const outcomes = await send(open);
      open = open.filter(({ patient, operation }, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) return true;
        history.write(outcome);
        if (outcome.kind !== 'ok') return outcome.kind === 'info';
        patient.acknowledged(operation);
        known.set(operation.patient, { value: patient.highest, position: outcome.position });
        return false;
      });
      if (open.length > 0) await pause(retryMs);
    }
  };

  const abandoned = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await round(abandoned.signal);
      await pause(everyMs * (0.5 + random.next()));
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
    abandon: () => abandoned.abort(),
    leavePast: (person) => patients.find((one) => one.person === person)?.leavePast(),
  };
}
