import { keyVault, measurements } from '@samspill/contracts';
import type { Evidence, ReadModelEvidence, ReplayedEvent, RowSeen } from '../evidence/evidence.ts';
import { orderedConsumer } from '../evidence/operations.ts';
import type {
  Action,
  HistoryEvent,
  HistoryLine,
  Operation,
  OrderAction,
} from '../history/history-line.ts';

/** A run on one partition, put together line by line; its evidence is sound until a test changes it. */
export class SampleRun {
  readonly history: HistoryLine[] = [];
  readonly log: ReplayedEvent[] = [];
  readonly shredded = new Map<string, number>();
  readonly closed = new Set<string>();
  #at = 0;
  #orders = 0;
  #facts = 0;

  write(event: HistoryEvent): HistoryLine {
    this.#at += 10;
    const line = { at: this.#at, ...event };
    this.history.push(line);
    return line;
  }

  /** Invoked, put into the log and acknowledged. */
  operation(patient: string, n: number, action: Action = 'record', measurement = n): void {
    this.invoke(patient, n, action, measurement);
    this.acknowledge(patient, n, this.append(patient, n, action, measurement));
  }

  invoke(patient: string, n: number, action: Action = 'record', measurement = n): void {
    const operation = operationOf(patient, n);
    this.write({ kind: 'invoke', ...operation, action, measurement, via: 'measurements-1' });
  }

  append(patient: string, n: number, action: Action = 'record', measurement = n): ReplayedEvent {
    const event: ReplayedEvent = {
      topic: measurements.topic,
      partition: 0,
      offset: this.log.length,
      key: patient,
      eventId: `${patient}-${n}`,
      type: measurements.events[typeOf[action]].fullName,
      measurementId: `${patient}-m${measurement}`,
      keyVersion: (this.shredded.get(patient) ?? 0) + 1,
      n: action === 'retract' ? undefined : n,
      unopened: undefined,
    };
    this.log.push(event);
    return event;
  }

  acknowledge(patient: string, n: number, { eventId, measurementId, offset }: ReplayedEvent): void {
    const position = `${measurements.topic}:0:${offset}`;
    this.write({ kind: 'ok', ...operationOf(patient, n), eventId, measurementId, position });
  }

  order(action: OrderAction, patient: string): void {
    this.#orders += 1;
    this.#facts += 1;
    const about = { order: `${action}/${this.#orders}`, action, patient };
    this.write({ kind: 'order', ...about, via: 'key-vault-1' });
    if (action === 'shred') this.shredded.set(patient, (this.shredded.get(patient) ?? 0) + 1);
    if (action === 'close') this.closed.add(patient);
    if (action === 'open') this.closed.delete(patient);
    this.write({ kind: 'ordered', ...about, answer: 'done' });
  }

  /** A read that began when the last line was written. */
  read(patient: string, seen: number, after?: number): void {
    const about = { kind: 'read', patient, via: 'emergency-ward-1', status: 200 } as const;
    this.write({ ...about, began: this.#at, seen, ...(after === undefined ? {} : { after }) });
  }

  evidence(): Evidence {
    const ends = [
      { topic: measurements.topic, partition: 0, next: this.log.length },
      { topic: keyVault.topic, partition: 0, next: this.#facts },
    ];
    const firsts = this.log.filter(
      ({ eventId }, index) => this.log.findIndex((one) => one.eventId === eventId) === index,
    );
    const all = firsts
      .filter(({ key, keyVersion }) => keyVersion > (this.shredded.get(key) ?? 0))
      .map(rowOf);
    const gates = [...this.closed].map((patient) => ({
      ...{ patient, state: 'withheld', reason: 'ordered', position: `${keyVault.topic}:0:0` },
    }));
    const model = (name: string, consumer: string | undefined): ReadModelEvidence => ({
      ...{ name, consumer, rows: all, expected: all, gates: [], checkpoints: ends },
    });
    return {
      history: this.history,
      log: this.log,
      ends,
      shredded: this.shredded,
      closed: new Map([[orderedConsumer, this.closed]]),
      readModels: [
        {
          ...model('ward', orderedConsumer),
          rows: all.filter(({ patient }) => !this.closed.has(patient)),
          gates,
        },
        model('domain', 'measurements'),
      ],
      stepsBack: [],
    };
  }
}

const typeOf = {
  record: 'MeasurementRecorded',
  correct: 'MeasurementCorrected',
  retract: 'MeasurementRetracted',
} as const;

const operationOf = (patient: string, n: number): Operation => ({
  op: `${patient}/${n}`,
  patient,
  n,
});

export const rowOf = (event: ReplayedEvent): RowSeen => ({
  eventId: event.eventId,
  patient: event.key,
  partition: event.partition,
  offset: event.offset,
  measurementId: event.measurementId,
  isRetraction: event.type === measurements.events.MeasurementRetracted.fullName,
  digest: `says ${event.eventId}`,
});

/** The evidence with another first read model: that of the ward. */
export const withWard = (
  evidence: Evidence,
  change: (ward: ReadModelEvidence) => Partial<ReadModelEvidence>,
): Evidence => ({
  ...evidence,
  readModels: evidence.readModels.map((model) =>
    model.name === 'ward' ? { ...model, ...change(model) } : model,
  ),
});
