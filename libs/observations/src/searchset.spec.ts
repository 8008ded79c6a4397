import { describe, expect, it } from 'vitest';
import { readCursor } from './search-cursor.ts';
import { readSearch } from './search-parameters.ts';
import { searchsetOf } from './searchset.ts';

const eventId = '0b4a3f7e-9a52-8c11-8d4e-0a1b2c3d4e5f';
const base = 'http://127.0.0.1:7412';
const found = {
  measurementId: '6e0c4a52-1d1f-8a50-9b1c-112233445566',
  eventId,
  recordedAt: new Date('2026-01-05T07:00:02Z'),
  effectiveFrom: new Date('2026-01-05T07:00:00Z'),
  resource:
    '{"resourceType":"Observation","id":"x","meta":{"source":"urn:hub"},"valueQuantity":{"value":85.0000000001},"component":[{"valueInteger":37.0}]}',
};
const pageOf = (...observations: (typeof found)[]) => ({
  found: observations,
  next: undefined,
  isIncomplete: false,
});
const searchFor = (form: string) => {
  const { search } = readSearch(new URLSearchParams(form));
  if (search === undefined) throw new Error('a form of this spec was refused');
  return search;
};

describe('the answer to a search', () => {
  it('gives each measurement with every decimal, under our id, version and time of receipt', () => {
    const text = searchsetOf(pageOf(found), searchFor(''), base);
    expect(text).toContain('"value":85.0000000001');
    expect(text).toContain('"valueInteger":37.0}');
    expect(JSON.parse(text)).toMatchObject({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        {
          fullUrl: `${base}/Observation/${found.measurementId}`,
          search: { mode: 'match' },
          resource: {
            resourceType: 'Observation',
            id: found.measurementId,
            meta: {
              source: 'urn:hub',
              versionId: eventId,
              lastUpdated: '2026-01-05T07:00:02.000Z',
            },
          },
        },
      ],
    });
  });

  it('has no entry and no total when nothing was found', () => {
    const bundle: unknown = JSON.parse(searchsetOf(pageOf(), searchFor(''), base));
    expect(bundle).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'self', url: `${base}/Observation/_search` }],
    });
  });

  it.each([
    ['beside what was found', [found], ['match', 'outcome']],
    ['where nothing was found', [], ['outcome']],
  ])('says that it lacks messages that could not be read, %s', (_, observations, modes) => {
    const page = { ...pageOf(...observations), isIncomplete: true };
    const { entry } = JSON.parse(searchsetOf(page, searchFor(''), base)) as {
      entry: { search: { mode: string }; resource: unknown }[];
    };
    expect(entry.map(({ search }) => search.mode)).toEqual(modes);
    expect(entry.at(-1)?.resource).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'incomplete' }],
    });
  });

  it('links to itself without the patient and to the next page by a cursor', () => {
    const search = searchFor('patient.identifier=15838510075&code=8867-4&_count=1');
    const next = { effectiveFrom: Date.parse('2026-01-05T07:00:00Z'), eventId };
    const text = searchsetOf({ ...pageOf(found), next }, search, base);
    const { link } = JSON.parse(text) as { link: { relation: string; url: string }[] };
    expect(link[0]?.url).toBe(`${base}/Observation/_search?code=8867-4&_count=1`);
    const cursor = new URL(link[1]?.url ?? '').searchParams.get('cursor');
    expect(readCursor(cursor ?? '', search)).toEqual(next);
    expect(text).not.toContain('15838510075');
  });
});
