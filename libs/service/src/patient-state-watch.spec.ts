import { SamspillError, type Position } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { PatientStateWatch } from './patient-state-watch.ts';

const at = (offset: number): Position => ({ topic: 'a.b.v1', partition: 0, offset });
const unknown = { code: 'PATIENT_STATE_UNKNOWN', retriable: true };

/** A log whose last record lies at `last`, and a read model that has applied what lies at `applied`. */
const given = (stands: { last: number; applied: number; logIsAway?: boolean }) => {
  let nowMs = 1_000;
  const watch = new PatientStateWatch(
    {
      last: () =>
        stands.logIsAway
          ? Promise.reject(new SamspillError('EVENT_LOG_UNAVAILABLE'))
          : Promise.resolve([at(stands.last)]),
      reached: ([wanted]) =>
        (wanted?.offset ?? 0) <= stands.applied
          ? Promise.resolve()
          : Promise.reject(new SamspillError('POSITION_NOT_REACHED')),
    },
    () => nowMs,
  );
  return { watch, stands, pass: (minutes: number) => (nowMs += minutes * 60_000) };
};

describe('what was closed while a read model was down', () => {
  it('is not known until all is applied that the log held when it was first asked', async () => {
    const { watch, stands } = given({ last: 9, applied: 4 });
    await expect(watch.known()).rejects.toMatchObject(unknown);
    // Facts go on coming, and it need not have seen those.
    stands.last = 500;
    stands.applied = 9;
    await watch.known();
  });

  it('is not known while the log is away', async () => {
    const { watch, stands } = given({ last: 9, applied: 9, logIsAway: true });
    await expect(watch.known()).rejects.toMatchObject(unknown);
    stands.logIsAway = false;
    await watch.known();
  });
});

describe('a log that goes away afterwards', () => {
  it('is told by the age of what is known, and after an hour nothing is shown any more', async () => {
    const { watch, stands, pass } = given({ last: 9, applied: 9 });
    await watch.known();
    expect(watch.ageSeconds).toBe(0);
    stands.logIsAway = true;
    pass(59);
    await watch.look();
    expect(watch.ageSeconds).toBe(59 * 60);
    await watch.known();
    pass(2);
    await expect(watch.known()).rejects.toMatchObject(unknown);
    stands.logIsAway = false;
    await watch.known();
    expect(watch.ageSeconds).toBe(0);
  });
});
