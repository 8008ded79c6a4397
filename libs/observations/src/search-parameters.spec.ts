import { describe, expect, it } from 'vitest';
import { writeCursor } from './search-cursor.ts';
import { readSearch } from './search-parameters.ts';

const read = (form: string) => {
  const { search } = readSearch(new URLSearchParams(form));
  if (search === undefined) throw new Error(`refused: ${form}`);
  return search;
};
const refused = (form: string) =>
  (readSearch(new URLSearchParams(form)).problems ?? []).map(({ code, place }) => [code, place]);

const place = { effectiveFrom: 1767596400000, eventId: '0b4a3f7e-9a52-8c11-8d4e-0a1b2c3d4e5f' };

describe('a search for measurements', () => {
  it('gives 50 of all, newest first, unless told otherwise', () => {
    expect(read('patient.identifier=15838510075')).toEqual({
      patient: '15838510075',
      dates: [],
      codes: [],
      count: 50,
      newestFirst: true,
      after: undefined,
      asked: [],
    });
  });

  it('takes dates with prefixes, as often as they come', () => {
    const { dates } = read('date=ge2026-01-05&date=lt2026-01-06T08:00:00%2B01:00&date=2026');
    expect(dates.map(({ prefix, from }) => [prefix, new Date(from).toISOString()])).toEqual([
      ['ge', '2026-01-04T23:00:00.000Z'],
      ['lt', '2026-01-06T07:00:00.000Z'],
      ['eq', '2025-12-31T23:00:00.000Z'],
    ]);
  });

  it('takes a plus sign that the form turned into a space', () => {
    expect(read('date=2026-01-06T08:00:00+01:00').dates[0]?.from).toBe(
      Date.parse('2026-01-06T07:00:00Z'),
    );
  });

  it.each([
    ['8867-4', [['8867-4']]],
    ['8867-4,8310-5', [['8867-4', '8310-5']]],
    ['http://loinc.org|8867-4', [['http://loinc.org|8867-4']]],
    ['2.16.578.1.12.4.1.1.7280|NPU02187', [['urn:oid:2.16.578.1.12.4.1.1.7280|NPU02187']]],
    ['|a', [['|a']]],
    ['a\\,b,c\\|d,e\\\\,f', [['a,b', 'c|d', 'e\\', 'f']]],
    ['a&code=b', [['a'], ['b']]],
  ])('reads code %s as lists of which one matches', (code, expected) => {
    const form = code.includes('&') ? `code=${code}` : `code=${encodeURIComponent(code)}`;
    expect(read(form).codes).toEqual(expected);
  });

  it('gives at most 200, whatever is asked for', () => {
    expect(read('_count=200').count).toBe(200);
    expect(read('_count=5000').count).toBe(200);
    expect(read('_count=1&_sort=date')).toMatchObject({ count: 1, newestFirst: false });
  });

  it('says back what was asked, but never the patient', () => {
    const { asked } = read('patient.identifier=15838510075&date=ge2026&_count=10');
    expect(asked).toEqual([
      ['date', 'ge2026'],
      ['_count', '10'],
    ]);
  });

  it.each([
    ['date=yesterday', [['value', 'parameter date']]],
    ['date=ne2026', [['value', 'parameter date']]],
    ['date=2026-01-06T08:00:00', [['value', 'parameter date']]],
    ['code=', [['value', 'parameter code']]],
    ['code=a,,b', [['value', 'parameter code']]],
    ['code=http://loinc.org|', [['value', 'parameter code']]],
    ['code=8867-4%00', [['value', 'parameter code']]],
    ['_count=0', [['value', 'parameter _count']]],
    ['_count=-1', [['value', 'parameter _count']]],
    ['_sort=code', [['value', 'parameter _sort']]],
    ['_sort=date&_sort=-date', [['value', 'parameter _sort']]],
    ['cursor=abc', [['value', 'parameter cursor']]],
    ['patient.identifier=', [['value', 'parameter patient.identifier']]],
    ['status=final', [['not-supported', 'parameter status']]],
    ['toString=1', [['not-supported', 'parameter toString']]],
  ])('refuses %s and names the parameter', (form, expected) => {
    expect(refused(form)).toEqual(expected);
  });

  it('takes the cursor of a link beside the form, but no patient from a URL', () => {
    const cursor = writeCursor(place, read(''));
    const form = new URLSearchParams('_count=10');
    const { search } = readSearch(form, new URLSearchParams({ cursor }));
    expect(search).toMatchObject({ count: 10, after: place });
    const { problems } = readSearch(form, new URLSearchParams('patient.identifier=1000807'));
    expect(problems?.map(({ code }) => code)).toEqual(['security']);
    expect(JSON.stringify(problems)).not.toContain('1000807');
  });

  it.each([
    ['another order', '_sort=date&code=8867-4'],
    ['another code', 'code=8310-5'],
    ['another date', 'code=8867-4&date=ge2026'],
    ['nothing but the patient', ''],
  ])('refuses the cursor of a search for a code in one with %s', (_, form) => {
    const cursor = writeCursor(place, read('code=8867-4'));
    expect(refused(`${form}&cursor=${cursor}`)).toEqual([['value', 'parameter cursor']]);
    expect(read(`code=8867-4&_count=7&cursor=${cursor}`).after).toEqual(place);
  });

  it('refuses a made-up cursor that lies before every calendar', () => {
    const cursor = writeCursor({ ...place, effectiveFrom: -999_999_999_999_999 }, read(''));
    expect(refused(`cursor=${cursor}`)).toEqual([['value', 'parameter cursor']]);
  });

  it('says back no code that holds a national number, since links are URLs', () => {
    const { asked, codes } = read('code=15838510075,8867-4&_count=10');
    expect(asked).toEqual([['_count', '10']]);
    expect(codes).toEqual([['15838510075', '8867-4']]);
  });

  it('names every problem at once', () => {
    expect(refused('status=final&subject=1&date=x&_count=y')).toHaveLength(4);
  });

  it('names 50 problems at most', () => {
    expect(refused(Array(10_000).fill('date=x').join('&'))).toHaveLength(50);
  });

  it('never says back a number that stands where a name should', () => {
    const { problems } = readSearch(new URLSearchParams('15838510075=1&date=15838510075'));
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain('15838510075');
  });
});
