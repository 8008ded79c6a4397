import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import type { PartitionStanding, PatientStanding, ReadModelStanding } from './events-answer.ts';
import { verdictOf, type JudgedEvent } from './verdict.ts';

const topic = 'measurements.measurement.v1';
const position = { topic, partition: 4, offset: 35 };
const since = '2026-11-24T09:00:00.000Z';

const event: JudgedEvent = { position, keyVersion: 1, problem: undefined };
const patientWith = (changes: Partial<PatientStanding>): PatientStanding => ({
  patient: newPseudonym(),
  state: 'open',
  fromOffset: 0,
  reason: '',
  position: '',
  since: null,
  shreddedVersion: 0,
  shreddedBy: null,
  ...changes,
});
const partitionWith = (changes: Partial<PartitionStanding> = {}): PartitionStanding => ({
  topic,
  partition: 4,
  next: 36,
  end: 36,
  records: 0,
  behindSeconds: 0,
  owner: 'emergency-ward/1',
  held: null,
  stops: [],
  ...changes,
});
const row = {
  table: 'measurement',
  eventId: '0192b1c0-0000-8000-8000-000000000001',
  patient: newPseudonym(),
  partition: 4,
  offset: 35,
  keyVersion: 1,
  recordedAt: since,
};
const standing: ReadModelStanding = {
  projection: 'measurements',
  version: 1,
  state: 'live',
  product: 'measurements.measurement',
  opens: true,
  rows: [],
  shown: null,
  patients: [patientWith({})],
  partitions: [partitionWith()],
};
const verdict = (readModel: Partial<ReadModelStanding>, judged: Partial<JudgedEvent> = {}) =>
  verdictOf({
    service: 'emergency-ward',
    readModel: { ...standing, ...readModel },
    event: { ...event, ...judged },
  });
const ofPatient = (changes: Partial<PatientStanding>) =>
  verdict({ patients: [patientWith(changes)] });
const ofPartition = (changes: Partial<PartitionStanding>) =>
  verdict({ partitions: [partitionWith(changes)] });
const shownAs = (state: string) => {
  const by = { eventId: 'a-later-one', position: { ...position, offset: 40 } };
  return verdict({ rows: [row], shown: { state, by: state === 'in-force' ? null : by } });
};

describe('an event is judged', () => {
  it.each([
    ['shown', shownAs('in-force'), 'nothing later stands in its place', undefined],
    ['superseded', shownAs('superseded'), `a-later-one at ${topic}:4:40`, undefined],
    ['retracted', shownAs('retracted'), 'taken back later, by a-later-one', 'marked as corrected'],
    ['retraction', shownAs('retraction'), 'takes a measurement back', undefined],
    [
      'withheld',
      ofPatient({ state: 'withheld', reason: 'order 17', position: 'p:0:1', since }),
      `withheld from emergency-ward since ${since} (order 17, at p:0:1)`,
      'samspill grants open',
    ],
    [
      'shredded',
      ofPatient({ shreddedVersion: 1, shreddedBy: 'p:0:2' }),
      'destroyed, by the order at p:0:2',
      'erased on purpose',
    ],
    [
      'parked',
      ofPatient({ state: 'parked', fromOffset: 30, reason: 'ROW_REFUSED', position: 'p:4:30' }),
      'behind the record at p:4:30, which was rejected with ROW_REFUSED',
      'samspill parked requeue --patient @FILE',
    ],
    [
      'parked',
      ofPatient({
        ...{ state: 'parked', fromOffset: 35, reason: 'SEAL_BROKEN' },
        position: `${topic}:4:35`,
      }),
      'was rejected with SEAL_BROKEN: expected that a sealed part opens',
      'samspill parked requeue',
    ],
    [
      'catching-up',
      ofPatient({ state: 'catching-up', fromOffset: 20, reason: 'requeued' }),
      'up to offset 20 so far: this event is not read yet',
      'samspill lag',
    ],
    [
      'catching-up',
      verdict({
        rows: [row],
        patients: [patientWith({ state: 'catching-up', fromOffset: 50, reason: 'granted again' })],
      }),
      'is read, others are not yet, and until then none is shown',
      'wait',
    ],
    [
      'behind',
      ofPartition({ next: 30, end: 40, records: 10, behindSeconds: 7 }),
      '5 records lie before it on its partition; the first that is not read is 7 s old at most',
      'samspill lag',
    ],
    [
      'behind',
      ofPartition({ next: 35, end: null, records: null, behindSeconds: null }),
      'no record lies before it',
      'bring the brokers back',
    ],
    [
      'held',
      ofPartition({ next: 30, held: { code: 'KEY_VAULT_UNAVAILABLE', since } }),
      `held for KEY_VAULT_UNAVAILABLE since ${since}: expected that the key vault answers`,
      'goes on by itself',
    ],
    [
      'stopped',
      ofPartition({
        next: 30,
        held: { code: 'PARKING_STOPPED', since },
        stops: [{ code: 'ROW_REFUSED', since, catchingUp: false, atOffset: 30 }],
      }),
      'stopped at offset 30: too many patients would have been parked with ROW_REFUSED',
      'samspill parked accept --service emergency-ward --projection measurements --code ROW_REFUSED',
    ],
    ['passed-over', verdict({}), 'has become no row', 'report it'],
    [
      'passed-over',
      verdict({ patients: [] }, { problem: 'RECORD_UNREADABLE' }),
      'cannot be read (RECORD_UNREADABLE)',
      'mend the publisher',
    ],
  ])('as %s', (state, found, why, mend) => {
    expect(found.state).toBe(state);
    expect(found.why).toContain(why);
    if (mend === undefined) expect(found.mend).toBeUndefined();
    else expect(found.mend).toContain(mend);
  });

  it('by what cannot be undone before what can: a destroyed key, then an order, then the reading', () => {
    const patient = { state: 'withheld', shreddedVersion: 1, reason: 'order 17' } as const;
    const behind = [partitionWith({ next: 0 })];
    expect(verdict({ patients: [patientWith(patient)], partitions: behind }).state).toBe(
      'shredded',
    );
    const withheld = patientWith({ ...patient, shreddedVersion: 0 });
    expect(verdict({ patients: [withheld], partitions: behind }).state).toBe('withheld');
    expect(verdict({ partitions: behind }).state).toBe('behind');
  });

  it('by the key that sealed it, and not by an older one that is destroyed', () => {
    const patients = [patientWith({ shreddedVersion: 1 })];
    expect(verdict({ patients, rows: [row] }, { keyVersion: 2 }).state).toBe('shown');
  });

  it('as shown, where its patient was parked later, or goes on from there', () => {
    for (const state of ['parked', 'catching-up'] as const) {
      const patients = [patientWith({ state, fromOffset: 50, reason: 'requeued' })];
      expect(verdict({ patients, rows: [row] }).state).toBe('shown');
    }
  });

  it('by its own partition, whatever holds the others', () => {
    const others = [
      partitionWith({ partition: 3, next: 0, held: { code: 'DATABASE_UNAVAILABLE', since } }),
      partitionWith({ topic: 'key-vault.patient-state.v1', next: 0 }),
    ];
    const partitions = [...others, partitionWith()];
    expect(verdict({ partitions, rows: [row] }).state).toBe('shown');
  });
});
