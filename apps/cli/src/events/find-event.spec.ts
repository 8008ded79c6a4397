import { dataProducts, keyVault, measurements } from '@samspill/contracts';
import { memoryEventLog } from '@samspill/event-log';
import { formatPosition, newPseudonym, SamspillError } from '@samspill/kernel';
import { memoryKeyClient } from '@samspill/privacy';
import { memoryWireFormat } from '@samspill/schema-registry';
import { publishReadings, type PublishedReading } from '@samspill/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandFailure } from '../command-failure.ts';
import { decodeRecords } from '../event-log/decoded-record.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Asked } from '../operated-services.ts';
import { writingFinding } from './event-finding.ts';
import type { EventsAnswer, PatientStanding, ReadModelStanding } from './events-answer.ts';
import { findEvent, type EventSources } from './find-event.ts';
import { findingText } from './show-finding.ts';

const { topic, partitions } = measurements;
const wire = memoryWireFormat(dataProducts);
const patient = newPseudonym();
const eventId = '0192b1c0-0000-8000-8000-000000000001' as PublishedReading['eventId'];
let log: ReturnType<typeof memoryEventLog>;
let published: PublishedReading;
beforeEach(async () => {
  log = memoryEventLog({ topics: { [topic]: partitions, [keyVault.topic]: partitions } });
  const parts = { keys: memoryKeyClient(), wire, publisher: log.publisher() };
  const [, second] = await publishReadings(
    parts,
    [1, 2, 3].map((value) => ({ patient, value })),
  );
  if (second === undefined) throw new Error('a second reading');
  published = second;
});

const openStanding: PatientStanding = {
  ...{ patient, fromOffset: 0, reason: '', position: '', since: null },
  ...{ state: 'open', shreddedVersion: 0, shreddedBy: null },
};

/** A ward that has read everything, and has the row of the event or has it not. */
function wardWith({ hasRow }: { readonly hasRow: boolean }) {
  const questions: Record<string, unknown>[] = [];
  const rowOf = ({ partition, offset }: PublishedReading['position']) => ({
    ...{ table: 'measurement', eventId: published.eventId, patient, partition, offset },
    ...{ keyVersion: 1, recordedAt: null },
  });
  const ask = (question: object): Promise<Asked<EventsAnswer>[]> => {
    const asked = question as Record<string, unknown>;
    questions.push(asked);
    const isIt = asked['eventId'] === published.eventId;
    const readModel: ReadModelStanding = {
      ...{ projection: 'measurements', version: 1, state: 'live', opens: true },
      product: measurements.name,
      rows: hasRow && isIt ? [rowOf(published.position)] : [],
      shown: hasRow && isIt ? { state: 'in-force', by: null } : null,
      patients: 'patient' in asked ? [openStanding] : [],
      partitions: [
        {
          ...{ topic, partition: published.position.partition, next: 9, end: 9, records: 0 },
          ...{ behindSeconds: 0, owner: 'one', held: null, stops: [] },
        },
      ],
    };
    const service = 'emergency-ward';
    return Promise.resolve([{ service, answer: { service, readModels: [readModel] } }]);
  };
  return { ask, questions };
}

const sources = (given: Partial<EventSources>): EventSources => ({
  ask: wardWith({ hasRow: true }).ask,
  askAll: given.ask ?? wardWith({ hasRow: true }).ask,
  withLog: (work) => work({ log, wire }),
  since: undefined,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...given,
});

describe('an event is found', () => {
  it('by its position: in the log, and with whom it is', async () => {
    const { finding } = await findEvent(published.position, sources({}));
    expect(finding).toMatchObject({
      eventId: published.eventId,
      log: {
        writings: [{ position: formatPosition(published.position), type: 'MeasurementRecorded' }],
        looked: 2,
      },
      readModels: [{ service: 'emergency-ward', verdict: { state: 'shown' } }],
    });
    const text = findingText(finding);
    expect(text).toContain('written once among 2 records of the log');
    expect(text).toMatch(/On the ward's screen: yes\. .*$/);
    expect(JSON.stringify(finding) + text).not.toContain(patient);
  });

  it('by its id, where a read model knows where it lies, with a second writing of it', async () => {
    const records = await log.reader({ ...published.position, from: 1, name: 'spec' });
    const [first] = (await records.read()).records;
    if (first !== undefined) log.append(first);
    const { finding } = await findEvent(published.eventId, sources({}));
    expect(finding.log.writings.map(({ position }) => position)).toEqual([
      formatPosition(published.position),
      formatPosition({ ...published.position, offset: 3 }),
    ]);
    expect(findingText(finding)).toContain(`written again at ${topic}:`);
  });

  it('by its id in the log, where no read model knows it; and its patient is asked for', async () => {
    const ward = wardWith({ hasRow: false });
    const { finding } = await findEvent(published.eventId, sources(ward));
    expect(finding.log).toMatchObject({ looked: 3, writings: [{ keyVersion: 1 }] });
    expect(findingText(finding)).toContain('written once among 3 records of the log');
    expect(ward.questions.at(-1)).toEqual({
      eventId: published.eventId,
      patient: { pseudonym: patient },
    });
    expect(finding.readModels).toMatchObject([{ verdict: { state: 'passed-over' } }]);
  });

  it('by its id also while the log is away, where a read model knows it', async () => {
    const withLog = () => Promise.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'));
    const { finding } = await findEvent(published.eventId, sources({ withLog }));
    expect(finding).toMatchObject({
      log: { writings: [], problem: 'EVENT_LOG_UNAVAILABLE' },
      readModels: [{ verdict: { state: 'shown' } }],
    });
    expect(findingText(finding)).toContain('could not be asked: EVENT_LOG_UNAVAILABLE');
    const { ask } = wardWith({ hasRow: false });
    await expect(findEvent(published.eventId, sources({ withLog, ask }))).rejects.toMatchObject({
      code: 'EVENT_LOG_UNAVAILABLE',
    });
  });

  it('nowhere, and then it is said how far it was looked for', async () => {
    const { ask } = wardWith({ hasRow: false });
    await expect(findEvent(eventId, sources({ ask }))).rejects.toThrow(
      /among the 3 records of the log since its beginning/,
    );
    const since = new Date(Date.now() + 60_000);
    await expect(findEvent(eventId, sources({ ask, since }))).rejects.toThrow(
      `among the 0 records of the log since ${since.toISOString()}`,
    );
    await expect(findEvent({ ...published.position, offset: 3 }, sources({ ask }))).rejects.toThrow(
      'name an offset from 0 to 2',
    );
    await expect(
      findEvent({ ...published.position, topic: 'other' }, sources({ ask })),
    ).rejects.toThrow(`name a partition of ${keyVault.topic} or ${topic}`);
  });

  it('nowhere, and then a service that is away is told, since it may know the event', async () => {
    const service = 'measurements';
    const problem = { place: service, rule: 'the service answers', mend: 'see samspill status' };
    const failure = new CommandFailure(exitCodes.away, problem);
    const ward = wardWith({ hasRow: false });
    const askAll = async (question: object) => [
      ...(await ward.ask(question)),
      { service, failure } as const,
    ];
    await expect(findEvent(eventId, sources({ ask: ward.ask, askAll }))).rejects.toMatchObject({
      exitCode: exitCodes.away,
      problems: [problem],
    });
  });

  it('not, where the looking is ended: then nothing is said of the rest', async () => {
    const { ask } = wardWith({ hasRow: false });
    await expect(findEvent(eventId, sources({ ask, signal: AbortSignal.abort() }))).rejects.toThrow(
      /of which 0 of 3 records were looked at/,
    );
    const further = sources({ signal: AbortSignal.abort() });
    for (const which of [published.eventId, published.position]) {
      await expect(findEvent(which, further)).rejects.toThrow(/of which 0 records were looked at/);
    }
  });

  it('also where it tells a time that no calendar has', async () => {
    const reader = await log.reader({ ...published.position, from: 0, name: 'spec' });
    const [decoded] = await decodeRecords(wire, (await reader.read()).records);
    if (decoded?.event === undefined) throw new Error('an event');
    const { type, clear } = decoded.event;
    const envelope = { ...clear.envelope, occurredAt: 9e15 };
    const far = { ...decoded, event: { type, clear: { ...clear, envelope } } };
    expect(writingFinding(far).occurred).toBe('9000000000000000');
  });

  it('that cannot be read, by its position: its patient may be parked behind it', async () => {
    const ward = wardWith({ hasRow: true });
    const value = Buffer.from('15838510075');
    const record = { topic, key: patient, id: undefined, type: 'a', source: 'b', value };
    const { finding } = await findEvent(log.append(record), sources(ward));
    expect(finding).toMatchObject({
      eventId: undefined,
      log: { writings: [{ problem: 'RECORD_UNREADABLE', bytes: 11 }] },
      readModels: [{ rows: [], shown: null }],
    });
    expect(ward.questions).toEqual([{ patient: { pseudonym: patient }, limit: 1 }]);
    expect(JSON.stringify(finding) + findingText(finding)).not.toMatch(/15838510075/);
  });
});
