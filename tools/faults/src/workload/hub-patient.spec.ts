import { newPseudonym } from '@samspill/kernel';
import { seededRandom } from '@samspill/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HubPatient } from './hub-patient.ts';
import type { Person } from './people.ts';

const person: Person = {
  number: 1,
  nationalId: 'a number',
  pseudonym: newPseudonym(),
  partition: 0,
  sentBy: 'hub',
  orders: 'none',
};

/** What a screen would show after each operation: the values in force. */
function shownAfterEach(seed: number, operations: number): { highest: number; shown: number }[] {
  const patient = new HubPatient(person, 'hub', seededRandom(seed));
  const inForce = new Map<number, number>();
  return Array.from({ length: operations }, () => {
    const operation = patient.next();
    if (operation.action === 'retract') inForce.delete(operation.measurement);
    else inForce.set(operation.measurement, operation.n);
    patient.acknowledged(operation);
    return { highest: patient.highest, shown: Math.max(0, ...inForce.values()) };
  });
}

it('the highest value on a screen is the one expected, and never falls, whatever is corrected and taken back', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const states = shownAfterEach(seed, 200);
      expect(states.map(({ shown }) => shown)).toEqual(states.map(({ highest }) => highest));
      expect(states.map(({ highest }) => highest)).toEqual(
        states.map(({ highest }) => highest).sort((a, b) => a - b),
      );
    }),
    { numRuns: 50 },
  );
});

it('there are records, corrections and retractions, and n counts them', () => {
  const patient = new HubPatient(person, 'hub', seededRandom('mix'));
  const operations = Array.from({ length: 200 }, () => {
    const operation = patient.next();
    patient.acknowledged(operation);
    return operation;
  });
  expect(operations.map(({ n }) => n)).toEqual(operations.map((_, index) => index + 1));
  expect(new Set(operations.map(({ action }) => action)).size).toBe(3);
});

it('what was measured before a shred is not changed any more', () => {
  const patient = new HubPatient(person, 'hub', seededRandom('past'));
  for (let n = 0; n < 50; n += 1) patient.acknowledged(patient.next());
  patient.leavePast();
  expect(patient.next()).toMatchObject({ n: 51, action: 'record', measurement: 51 });
});
