import { dataProducts, measurements, type MeasurementRecorded } from '@samspill/contracts';
import { memoryEventLog, type EventPublisher, type LoggedRecord } from '@samspill/event-log';
import type { IdentityMode, OperationOutcome } from '@samspill/fhir';
import type { Pseudonym } from '@samspill/kernel';
import { memoryKeyClient, openSealed } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import { Registry } from 'prom-client';
import { intake } from '../intake.ts';
import type { Sender } from '../measurement-event.ts';
import { reception } from '../receive.ts';
import type { RefusedEntry } from '../refused-entries.ts';
import { RecentEvents } from '../ledger/recent-events.ts';
import { measurementTelemetry } from '../telemetry.ts';
import { memoryLedger } from './memory-ledger.ts';

export interface AnsweredEntry {
  readonly fullUrl: string;
  readonly response: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly extension: readonly { readonly url: string; readonly [value: string]: string }[];
    readonly outcome?: OperationOutcome;
  };
}

interface Sent {
  readonly contentType?: string;
  readonly accept?: string;
  readonly patientHeader?: string | undefined;
}

/** The intake on parts in memory, with what a test asks of it. */
export function openDoor(identity: IdentityMode = 'lenient') {
  const log: LoggedRecord[] = [];
  const wire = memoryWireFormat(dataProducts);
  const keys = memoryKeyClient();
  const calls = { indexKey: 0, pseudonyms: 0, sealingKeys: 0, publish: 0 };
  const countedKeys = {
    ...keys,
    indexKey: ((...given) => (
      (calls.indexKey += 1),
      keys.indexKey(...given)
    )) as typeof keys.indexKey,
    pseudonyms: ((...given) => (
      (calls.pseudonyms += 1),
      keys.pseudonyms(...given)
    )) as typeof keys.pseudonyms,
    sealingKeys: ((...given) => (
      (calls.sealingKeys += 1),
      keys.sealingKeys(...given)
    )) as typeof keys.sealingKeys,
  };
  const eventLog = memoryEventLog({ topics: { [measurements.topic]: measurements.partitions } });
  const inner = eventLog.publisher();
  let failure: ((publishCall: number) => Error | undefined) | undefined;
  const publisher: EventPublisher = {
    publish: async (events) => {
      calls.publish += 1;
      const error = failure?.(calls.publish);
      if (error !== undefined) throw error;
      const positions = await inner.publish(events);
      events.forEach((event, at) => {
        const position = positions[at];
        if (position !== undefined) log.push({ ...event, ...position, timestampMs: 0 });
      });
      return positions;
    },
    close: () => inner.close(),
  };
  const ledger = memoryLedger(log, wire);
  const untold: unknown[] = [];
  const refused: [Sender, readonly RefusedEntry[]][] = [];
  const clock = () => new Date('2024-03-01T12:00:00Z');
  const newProcess = () =>
    reception({
      identity,
      clock,
      telemetry: measurementTelemetry(new Registry()),
      onRefused: (...told) => void refused.push(told),
      intake: intake({
        keys: countedKeys,
        ledger,
        recent: new RecentEvents(),
        publisher,
        wire,
        clock,
        onUnknownOutcome: (error) => void untold.push(error),
      }),
    });
  let door = newProcess();

  const received = (
    body: unknown,
    { contentType = 'application/fhir+json', accept, patientHeader }: Sent,
  ) => ({
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    contentType,
    accept,
    patientHeader,
    sendsFor: [],
    sender: {
      source: { orgnrParent: '310000019', orgnrChild: null, clientId: 'home-hub', system: null },
      correlationId: 'a-call',
    },
  });
  const post = (body: unknown, sent: Sent = {}) => door.bundle(received(body, sent));

  return {
    log,
    keys,
    ledger,
    calls,
    /** Errors behind outcomes that are not known. */
    untold,
    /** What was told of calls of which something was refused. */
    refused,
    post,
    postObservation: (body: unknown, sent: Sent = {}) => door.observation(received(body, sent)),
    /** Entries of a batch by POST unless told, and their answers. */
    batch: async (entries: readonly BatchEntry[]): Promise<readonly AnsweredEntry[]> => {
      const { body } = await post(batchOf(entries));
      return (body as { entry: AnsweredEntry[] }).entry;
    },
    /** What an event on the log sealed. */
    contentOf: async <Content>(record: LoggedRecord | undefined): Promise<Content> => {
      if (record?.value == null) throw new Error('there is no such event');
      await wire.learn([record.value]);
      const read = wire.read(record.value);
      if (!('event' in read)) throw new Error('another product is on the topic');
      const clear = read.value as MeasurementRecorded;
      const patient = record.key as Pseudonym;
      const wanted = { patient, version: clear.sealed.keyVersion };
      const [opening] = await keys.openingKeys(measurements.name, [wanted]);
      if (opening?.outcome !== 'key') throw new Error('there is no key');
      return openSealed(wire, record, read.event, clear, opening.key) as Content;
    },
    /** Nothing that the process remembered is left. */
    restart: () => void (door = newProcess()),
    /** Lets publish calls fail, counted from 1. */
    failPublish: (fails: typeof failure) => void (failure = fails),
    /** Names of the events on the log, in the order of publishing. */
    published: () => log.map(({ type }) => type?.split('.').at(-1)),
  };
}

export interface BatchEntry {
  readonly resource: unknown;
  readonly method?: 'POST' | 'PUT';
  readonly fullUrl?: string;
  readonly ifNoneExist?: string;
}

export const batchOf = (entries: readonly BatchEntry[]) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: entries.map(({ resource, fullUrl, method = 'POST', ifNoneExist }) => ({
    ...(fullUrl === undefined ? {} : { fullUrl }),
    resource,
    request: { method, url: 'Observation', ...(ifNoneExist && { ifNoneExist }) },
  })),
});

/** Synthetic patients (month + 80). */
export const ada = '15838510075';
export const bo = '55838510069';

/** A heart rate under the key `id`, with changes; undefined takes an element out. */
export const heartRate = (value: number, changes: Record<string, unknown> = {}, id = 'hr-1') => ({
  resourceType: 'Observation',
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.99.1', value: id }],
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: subject(ada),
  effectiveDateTime: '2024-03-01T08:30:00+01:00',
  valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...changes,
});

export const subject = (value: string) => ({
  identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value },
});
