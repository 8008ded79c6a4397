import { newPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import type { Fact, OutboxRow } from './outbox.ts';
import { overtakenWords } from './overtaken-words.ts';

const patient = newPseudonym();
const grant = { consumer: 'ward', product: 'a.b' };
const opened: Fact = { event: 'GrantOpened', facts: grant };
const closed: Fact = { event: 'GrantClosed', facts: { ...grant, cause: 'c' } };
const row = (id: number, fact: Fact, offset: number | null): OutboxRow => ({
  ...fact,
  patient,
  id,
  fact: crypto.randomUUID(),
  occurredAt: new Date(),
  partition: offset === null ? null : 0,
  offset,
});
/** Rows as they lie in the log, from an offset on. */
const from = (offset: number, ...rows: OutboxRow[]) =>
  rows.map((one, n) => ({ row: one, record: { offset: offset + n } }));
const idsOf = (words: ReturnType<typeof overtakenWords>) =>
  words.map((word) => (word as OutboxRow).id);

describe('the newest word about a grant', () => {
  const [first, second] = [row(1, closed, 10), row(2, opened, 11)];

  it('is stated again where an older one came behind it', () => {
    expect(idsOf(overtakenWords([first, second], from(12, first)))).toEqual([2]);
  });

  it('also where both came in one batch and neither was noted', () => {
    const [older, newer] = [row(1, closed, null), row(2, opened, null)];
    expect(idsOf(overtakenWords([older, newer], from(5, older, newer, older)))).toEqual([2]);
  });

  it('is not where it is the last in the log, or still on its way', () => {
    expect(overtakenWords([first, second], from(10, first, second))).toEqual([]);
    expect(overtakenWords([first, { ...second, offset: 13 }], from(12, first))).toEqual([]);
    expect(overtakenWords([first, row(2, opened, null)], from(12, first))).toEqual([]);
    expect(overtakenWords([first, second, row(3, closed, null)], from(12, first))).toEqual([]);
  });

  it('is of its own grant alone, and no shred counts', () => {
    const other = row(3, { event: 'GrantOpened', facts: { ...grant, consumer: 'other' } }, 12);
    const shredded = row(
      4,
      { event: 'KeyShredded', facts: { product: 'a.b', keyVersion: 1, cause: 'c' } },
      13,
    );
    const own = [second, other, shredded];
    expect(overtakenWords(own, from(14, second, other, shredded))).toEqual([]);
  });
});
