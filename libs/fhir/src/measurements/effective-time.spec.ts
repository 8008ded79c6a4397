import { describe, expect, it } from 'vitest';
import { accepted, lenient } from './measurement-fixture.ts';

describe('the time of a measurement', () => {
  it('takes a date as a date', () => {
    const { content, occurredAtMs } = accepted({ effectiveDateTime: '2024-02-29' });
    expect(content.effective).toEqual({
      start: '2024-02-29',
      end: null,
      precision: 'day',
      basis: 'effective',
    });
    expect(occurredAtMs).toBe(Date.parse('2024-02-29T00:00:00Z'));
  });

  it('takes an early year for what it is', () => {
    expect(accepted({ effectiveDateTime: '0024-03-01' }).occurredAtMs).toBe(
      Date.parse('0024-03-01T00:00:00Z'),
    );
  });

  it('takes a period from its start, and from its end where it has no start', () => {
    const during = (effectivePeriod: object) =>
      accepted({ effectiveDateTime: undefined, effectivePeriod });
    const [start, end] = ['2024-02-28T08:00:00Z', '2024-02-29T08:00:00Z'];
    const known = during({ start, end });
    expect(known.content.effective).toMatchObject({ start, end, basis: 'effective' });
    expect(known.occurredAtMs).toBe(Date.parse(start));
    expect(during({ end }).occurredAtMs).toBe(Date.parse(end));
  });

  it("takes today's date where the day has begun already", () => {
    const context = { ...lenient, now: new Date('2024-03-01T23:30:00Z') };
    expect(accepted({ effectiveDateTime: '2024-03-02' }, context).warnings).toEqual([]);
  });

  it('falls back to issued, then to the time of receipt with a warning', () => {
    const noCategory = { category: undefined, effectiveDateTime: undefined };
    const issued = accepted({ ...noCategory, issued: '2024-03-01T09:00:00+01:00' });
    expect(issued.content.effective).toMatchObject({ basis: 'issued' });
    const received = accepted(noCategory);
    expect(received.content.effective).toMatchObject({ basis: 'received' });
    expect(received.warnings).toHaveLength(1);
    expect(received.content.warnings[0]).toContain('Observation.effective');
  });

  it('lies at most 10 minutes ahead, since clocks of devices run ahead', () => {
    const effectiveDateTime = '2024-03-01T12:10:00Z';
    expect(accepted({ effectiveDateTime }).occurredAtMs).toBe(Date.parse(effectiveDateTime));
    expect(() => accepted({ effectiveDateTime: '2024-03-01T12:10:01Z' })).toThrow('10 minutes');
  });
});
