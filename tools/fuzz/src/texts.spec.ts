import { findNationalNumbers, isValidOrganisationNumber, normalSystem } from '@samspill/fhir';
import { formatPositions, parsePositions } from '@samspill/kernel';
import { compareDecimals, readDecimal, readSearch, writeDecimal } from '@samspill/observations';
import {
  HttpRefusal,
  afterHeader,
  eventIdHeader,
  patientHeader,
  sourceSystemHeader,
} from '@samspill/service';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { hostileBytes } from './hostile-bytes.ts';

/** Synthetic (month + 80). */
const patient = '15838510075';

/** Damaged texts of these forms, and noise. */
const hostileText = (samples: readonly string[]): fc.Arbitrary<string> =>
  hostileBytes(samples.map((sample) => Buffer.from(sample))).map((bytes) => bytes.toString());

describe('positions', () => {
  const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,30}$/);
  const position = fc.record({
    topic: names,
    partition: fc.nat(999_999_999),
    offset: fc.nat(999_999_999_999_999),
  });

  it('are read as they were written', () =>
    fuzz(
      'positions there and back',
      fc.array(position, { minLength: 1, maxLength: 5 }),
      (positions) => expect(parsePositions(formatPositions(positions))).toEqual(positions),
      { share: 0.1 },
    ));

  it('are read whole or not at all', () => {
    const samples = ['measurements:3:17', 'a:0:0, b:1:999999999999999'];
    fuzz('positions', hostileText(samples), (text) => {
      const read = parsePositions(text);
      if (read !== undefined && parsePositions(formatPositions(read)) === undefined)
        throw new Error('read, and not what a position is');
    });
  });
});

describe('headers', () => {
  const samples = [patient, 'a:0:17', 'hub 1.2', '018f3c1e-7a52-8b61-9c0d-4e5f60718293'];
  const headers = fc.record({
    'nhn-patient-nin': hostileText(samples),
    'person-id': fc.option(hostileText(samples), { nil: undefined }),
    'nhn-event-id': hostileText(samples),
    'nhn-source-system': hostileText(samples),
    'samspill-after': hostileText(samples),
  });

  it('are read or refused, and what is logged of them names nobody', () =>
    fuzz('headers', headers, (sent) => {
      for (const read of [afterHeader, eventIdHeader, patientHeader, sourceSystemHeader]) {
        try {
          const value = read(sent);
          const isLogged = read === eventIdHeader || read === sourceSystemHeader;
          if (isLogged && typeof value === 'string' && findNationalNumbers(value).length > 0)
            throw new Error(`${read.name} lets a national number into the log`);
        } catch (error) {
          if (!(error instanceof HttpRefusal)) throw error;
          if (error.message.includes(patient)) throw new Error('a refusal names the patient');
        }
      }
    }));
});

describe('the form of a search', () => {
  const valid = [
    ['date', 'ge2024-01-01T08:00:00+01:00'],
    ['date', '2024-02'],
    ['code', 'http://loinc.org|8867-4,a\\,b'],
    ['_count', '20'],
    ['_sort', '-date'],
    ['patient.identifier', `urn:oid:2.16.578.1.12.4.1.4.1|${patient}`],
    ['cursor', 'MTcwOTI4'],
  ] as const;
  const parameter = fc.oneof(
    fc.constantFrom(...valid),
    ...valid.map(([name, value]) => fc.tuple(fc.constant(name), hostileText([value]))),
    fc.tuple(hostileText(['date', 'constructor', '__proto__', patient]), fc.constant('1')),
  );
  const form = fc
    .tuple(fc.array(parameter, { maxLength: 5 }), fc.array(parameter, { maxLength: 2 }))
    .map((lists) =>
      lists.map(
        (list) => new URLSearchParams(list.map(([name, value]): [string, string] => [name, value])),
      ),
    );

  /** What the query is asked with has to be what a database takes. */
  const assertAskable = (search: object): void => {
    if (JSON.stringify(search).includes('\\u0000')) throw new Error('a NUL in the query');
    const dates = (search as { dates: { from: number; to: number }[] }).dates;
    for (const { from, to } of dates)
      if (!(from < to)) throw new Error(`no span: ${from} to ${to}`);
  };

  it('is read or refused with problems that name nobody', () =>
    fuzz('search', form, ([sent, url]) => {
      const { search, problems } = readSearch(sent ?? new URLSearchParams(), url);
      if (search !== undefined) assertAskable({ ...search, patient: undefined });
      else if (problems.length === 0 || JSON.stringify(problems).includes(patient))
        throw new Error('refused without a reason, or with the patient in it');
    }));
});

describe('small texts', () => {
  it('are judged, whatever they are', () => {
    const samples = ['994598759', 'urn:oid:2.16.578.1.12.4.1.4.1', '1.2.3.4', `x ${patient} y`];
    fuzz('identifiers', hostileText(samples), (text) => {
      isValidOrganisationNumber(text);
      findNationalNumbers(text);
      if (normalSystem(normalSystem(text)) !== normalSystem(text)) throw new Error('two forms');
    });
  });

  it('decimals keep every digit', () =>
    fuzz('decimals', hostileText(['61.50', '-0.001', '1e3', '+5', '00.10']), (text) => {
      const read = readDecimal(text);
      if (read === undefined) return;
      const again = readDecimal(writeDecimal(read, 0));
      // Too many digits for a text of ours: not read a second time.
      if (again !== undefined && compareDecimals(again, read) !== 0) throw new Error('another');
    }));
});
