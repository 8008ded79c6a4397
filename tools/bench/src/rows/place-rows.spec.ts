import { isEventId, isPseudonym } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { rowAt } from './measurement-row.ts';
import { Places } from './place-rows.ts';
import { partitions } from './row-product.ts';

describe('a row', () => {
  it('is the same each time, and has the form that the mesh asks of ids and pseudonyms', () => {
    expect(rowAt(7, 100)).toEqual(rowAt(7, 100));
    expect(isEventId(rowAt(7, 100).eventId)).toBe(true);
    expect(isPseudonym(rowAt(7, 100).patient)).toBe(true);
  });

  it('is of each patient once before it is of any again', () => {
    const patients = Array.from({ length: 150 }, (_, index) => rowAt(index, 100).patient);
    expect(new Set(patients.slice(0, 100)).size).toBe(100);
    expect(patients.slice(100)).toEqual(patients.slice(0, 50));
  });
});

describe('places', () => {
  const placed = () => {
    const places = new Places(1_000, 100);
    const rows = Array.from({ length: 1_000 }, (_, index) => places.place(index));
    const ends = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      end: rows.filter((row) => row.partition === partition).length,
    }));
    return { places, rows, ends };
  };

  it('count offsets for each partition, and know the last row of each', () => {
    const { places, rows, ends } = placed();
    const { lastIds, spread } = places.checked(ends);
    const last = ends.map(({ partition, end }) =>
      rows.find((row) => row.partition === partition && row.offset === end - 1),
    );
    expect(new Set(lastIds)).toEqual(new Set(last.map((row) => row?.row.eventId)));
    expect(spread).toHaveLength(100);
    expect(spread.every(({ index, offset }) => rows[index]?.offset === offset)).toBe(true);
  });

  it('refuse a topic that ends elsewhere', () => {
    const { places, ends } = placed();
    const other = ends.map(({ partition, end }) => ({
      partition,
      end: end + (partition === 2 ? 1 : 0),
    }));
    expect(() => places.checked(other)).toThrow('partition 2');
  });
});
