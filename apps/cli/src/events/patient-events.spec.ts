import { measurements } from '@samspill/contracts';
import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../operated-services.ts';
import type { EventsAnswer, ReadModelStanding } from './events-answer.ts';
import { patientEvents } from './patient-events.ts';
import { patientEventsText } from './show-patient-events.ts';

const patient = newPseudonym();
const at = (minute: number) => `2026-11-24T09:0${minute}:00.000Z`;

const readModel = (changes: Partial<ReadModelStanding>): ReadModelStanding => ({
  ...{ projection: 'measurements', version: 1, state: 'live', opens: true, rows: [], shown: null },
  product: measurements.name,
  patients: [
    {
      ...{ patient, state: 'open', fromOffset: 0, reason: '', position: '', since: null },
      ...{ shreddedVersion: 0, shreddedBy: null },
    },
  ],
  partitions: [],
  ...changes,
});
const rowAt = (minute: number, keyVersion = 1) => ({
  ...{
    table: 'any',
    eventId: `event-${minute}`,
    patient,
    partition: 4,
    offset: minute,
    keyVersion,
  },
  recordedAt: at(minute),
});
const answersOf = (...readModels: readonly ReadModelStanding[]): Asked<EventsAnswer>[] => [
  { service: 'measurements', answer: { service: 'measurements', readModels: [...readModels] } },
];
const text = (asked: Asked<EventsAnswer>[], since?: Date) =>
  patientEventsText(patientEvents(asked, since), { since, limit: 20 });

const ledger = readModel({ projection: 'ledger', opens: false, rows: [rowAt(1), rowAt(2)] });

describe('the events of a patient', () => {
  it('are the newest first, each once, with who has it not', () => {
    const asked = answersOf(ledger, readModel({ rows: [rowAt(2)] }));
    const { events } = patientEvents(asked, undefined);
    expect(events.map(({ eventId, notWith }) => [eventId, notWith])).toEqual([
      ['event-2', []],
      ['event-1', ['measurements']],
    ]);
    expect(text(asked)).toMatch(/event-2\n.*event-1 {2}any reader\n/);
    expect(text(asked) + JSON.stringify(events)).not.toContain(patient);
  });

  it('are those since a moment, and of the version that readers see', () => {
    const asked = answersOf(ledger, readModel({ state: 'former', version: 2, rows: [rowAt(3)] }));
    const { events } = patientEvents(asked, new Date(at(2)));
    expect(events.map(({ eventId }) => eventId)).toEqual(['event-2']);
  });

  it('say how the patient stands, and which are erased', () => {
    const [open] = ledger.patients;
    const patients = open === undefined ? [] : [{ ...open, shreddedVersion: 1 }];
    const rows = [rowAt(1), rowAt(2, 2)];
    const asked = answersOf(
      { ...ledger, rows, patients },
      readModel({
        patients: patients.map((one) => ({ ...one, state: 'withheld', reason: 'order 17' })),
      }),
    );
    expect(patientEvents(asked, undefined).events.map(({ isErased }) => isErased)).toEqual([
      false,
      true,
    ]);
    expect(text(asked)).toContain('measurements: the patient is withheld (order 17');
  });

  it('may be none: then it was not sent, or refused, or the ledger has not read so far', () => {
    const since = new Date(at(5));
    expect(text(answersOf(ledger), since)).toMatch(
      /Nothing of the patient was recorded since 2026-11-24T09:05:00.000Z\. It was not sent, or it was refused\./,
    );
    const behind = { topic: measurements.topic, partition: 4, next: 0, end: 7, records: 7 };
    const partitions = [{ ...behind, behindSeconds: 1, owner: null, held: null, stops: [] }];
    expect(text(answersOf({ ...ledger, partitions }), since)).toContain(
      '(7 records are before it)',
    );
    expect(text(answersOf({ ...ledger, rows: [], patients: [] }))).toMatch(
      /^The mesh does not know the patient/,
    );
  });
});
