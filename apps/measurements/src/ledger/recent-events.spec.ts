import { uuidV8, type Pseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import type { HeldVersion } from '../decide.ts';
import { RecentEvents } from './recent-events.ts';

const version = (number: number, changes: Partial<HeldVersion> = {}): HeldVersion => ({
  eventId: uuidV8(Buffer.alloc(16, number)),
  measurementId: 'm',
  patient: 'ada' as Pseudonym,
  contentMark: String(number),
  retracted: false,
  recordedAtMs: number,
  position: undefined,
  erased: false,
  ...changes,
});

describe('recent events', () => {
  it('stand behind what the ledger has reached', () => {
    const recent = new RecentEvents();
    recent.remember('key', version(2));
    expect(recent.complete('key', [version(1)]).map(({ contentMark }) => contentMark)).toEqual([
      '1',
      '2',
    ]);
  });

  it('give the ledger the source times that it cannot know, and leave the rest to it', () => {
    const recent = new RecentEvents();
    recent.remember('key', version(1, { sourceUpdatedAtMs: 7 }));
    const known = recent.complete('key', [version(1, { erased: true })]);
    expect(known).toEqual([version(1, { erased: true, sourceUpdatedAtMs: 7 })]);
  });

  it('keep the newest of a key that changes without end', () => {
    const recent = new RecentEvents();
    for (let number = 1; number <= 200; number += 1) recent.remember('key', version(number));
    const kept = recent.complete('key', []).map(({ contentMark }) => Number(contentMark));
    expect(kept.at(-1)).toBe(200);
    expect(kept.length).toBeLessThanOrEqual(10);
  });

  it('say nothing about another key', () => {
    const recent = new RecentEvents();
    recent.remember('key', version(1));
    expect(recent.complete('other', [])).toEqual([]);
  });

  it('are found by patient, and forget what was sealed of one patient alone', () => {
    const recent = new RecentEvents();
    const [ada, bo] = ['ada' as Pseudonym, 'bo' as Pseudonym];
    const content = { sourceUpdatedAtMs: 7 };
    recent.remember('key', version(1, { patient: ada, ...content }));
    recent.remember('key', version(2, { patient: bo, ...content }));
    recent.forgetContent(ada);
    expect(recent.complete('key', [])).toEqual([
      version(1, { patient: ada }),
      version(2, { patient: bo, ...content }),
    ]);
    for (let number = 3; number <= 12; number += 1) {
      recent.remember('key', version(number, { patient: bo }));
    }
    expect([ada, bo].map((patient) => recent.holds(patient))).toEqual([false, true]);
  });
});
