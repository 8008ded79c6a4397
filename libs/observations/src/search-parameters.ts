import { holdsNationalNumber, normalSystem, type IssueCode } from '@samspill/fhir';
import { readCursor, type Cursor } from './search-cursor.ts';
import { timeRange, type TimeRange } from './time-range.ts';

/** What is wrong with one parameter; the caller answers 400 with all of them. Never a patient in it. */
export interface SearchProblem {
  readonly code: IssueCode;
  readonly place: string;
  readonly rule: string;
  readonly mend: string;
}

export type DatePrefix = 'eq' | 'ge' | 'gt' | 'lt' | 'le';

export interface DateCondition extends TimeRange {
  readonly prefix: DatePrefix;
}

/** A search for one patient's measurements (specification of measurements, section 5). */
export interface ObservationSearch {
  /** `patient.identifier` as sent: a bare number or `system|value`; undefined when the header alone names the patient. */
  readonly patient: string | undefined;
  /** All of them hold. */
  readonly dates: readonly DateCondition[];
  /** Each group is a list of which one matches; all groups do. `code`, `system|code` or `|code`. */
  readonly codes: readonly (readonly string[])[];
  readonly count: number;
  readonly newestFirst: boolean;
  /** Where the page begins; undefined for the first. */
  readonly after: Cursor | undefined;
  /** What was asked, without the cursor and whatever holds a national number: the form of the `self` link. */
  readonly asked: readonly [name: string, value: string][];
}

export type ReadSearch =
  | { readonly search: ObservationSearch; readonly problems?: never }
  | { readonly search?: never; readonly problems: readonly SearchProblem[] };

const countMax = 200;
const countDefault = 50;
/** A form of thousands of faults gets no answer of thousands of problems. */
const problemsMax = 50;

/**
 * Reads the form of `POST /Observation/_search`, with the parameters that stand in its URL, as those of a `next` link do.
 * Every problem of every parameter is in one answer, up to 50.
 */
export function readSearch(form: URLSearchParams, url = new URLSearchParams()): ReadSearch {
  const problems: SearchProblem[] = [];
  const dates: DateCondition[] = [];
  const codes: string[][] = [];
  let patient: string | undefined;
  let count = countDefault;
  let newestFirst = true;
  let cursor: string | undefined;

  const readers: Partial<Record<string, (value: string) => Mend | undefined>> = {
    'patient.identifier': (value) => {
      patient = value;
      return value.trim() === '' ? 'give a number or system|number' : undefined;
    },
    date: (value) => {
      const condition = readDate(value);
      if (condition === undefined) return dateMend;
      dates.push(condition);
      return undefined;
    },
    code: (value) => {
      const wanted = splitUnescaped(value, ',').map(readToken);
      if (!wanted.every((token) => token !== undefined)) return 'give code or system|code';
      codes.push(wanted);
      return undefined;
    },
    _count: (value) => {
      if (!/^\d{1,9}$/.test(value) || Number(value) === 0) return 'give a number from 1';
      count = Math.min(Number(value), countMax);
      return undefined;
    },
    _sort: (value) => {
      newestFirst = value === '-date';
      return value === 'date' || value === '-date' ? undefined : 'give date or -date';
    },
    cursor: (value) => {
      cursor = value;
      return undefined;
    },
  };

  const repeatable = new Set(['date', 'code']);
  const seen = new Set<string>();
  if (url.has('patient.identifier')) problems.push(patientInUrl);
  const given = [...form, ...url];
  for (const [name, value] of given) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined) {
      problems.push(unknownParameter(name));
    } else if (seen.has(name) && !repeatable.has(name)) {
      problems.push(problem('value', name, 'the parameter is given once', 'send it once'));
    } else {
      const mend = read(value);
      if (mend !== undefined) {
        problems.push(problem('value', name, 'the value has the form of its parameter', mend));
      }
    }
    seen.add(name);
  }
  const after =
    cursor === undefined ? undefined : readCursor(cursor, { dates, codes, newestFirst });
  if (cursor !== undefined && after === undefined) problems.push(foreignCursor);
  if (problems.length > 0) return { problems: problems.slice(0, problemsMax) };
  const asked = given.filter(
    ([name, value]) =>
      name !== 'patient.identifier' && name !== 'cursor' && !holdsNationalNumber(value),
  );
  return { search: { patient, dates, codes, count, newestFirst, after, asked } };
}

type Mend = string;
const dateMend =
  'give eq, ge, gt, lt or le (or nothing) and a date such as 2026-01-31 or 2026-01-31T08:00:00+01:00; a time needs its zone';

const problem = (
  code: SearchProblem['code'],
  name: string,
  rule: string,
  mend: string,
): SearchProblem => ({ code, place: `parameter ${name}`, rule, mend });

const patientInUrl = problem(
  'security',
  'patient.identifier',
  'a URL names no patient, since URLs are logged on their way',
  'send it in the form, or the patient in the header nhn-patient-nin',
);

const foreignCursor = problem(
  'value',
  'cursor',
  'a cursor belongs to the search whose next link it stood in',
  'send it unchanged, with the date, code and _sort of that search',
);

// An unknown name may be anything, a number of a person included, so only a plain word is said back.
const unknownParameter = (name: string): SearchProblem =>
  problem(
    'not-supported',
    /^[A-Za-z_][A-Za-z_.:-]{0,63}$/.test(name) ? name : '(name not shown)',
    'the parameter is one of patient.identifier, date, code, _count, _sort, cursor',
    'leave it out',
  );

function readDate(value: string): DateCondition | undefined {
  const [, prefix = 'eq', text = ''] = /^(eq|ge|gt|lt|le)?(.*)$/s.exec(value) ?? [];
  // A plus sign that was not percent-encoded arrives as a space.
  const range = timeRange(text.replace(/ (\d\d:\d\d)$/, '+$1'));
  return range && { prefix: prefix as DatePrefix, ...range };
}

function readToken(text: string): string | undefined {
  const parts = splitUnescaped(text, '|').map(unescape);
  const code = parts.at(-1)?.trim() ?? '';
  // PostgreSQL has no NUL in a text.
  if (code === '' || parts.length > 2 || text.includes('\0')) return undefined;
  return parts.length === 1 ? code : `${normalSystem(parts[0] ?? '')}|${code}`;
}

// FHIR R4, search, section 3.1.1.4.0: a backslash takes the meaning from `,`, `|`, `$` and itself.
const splitUnescaped = (text: string, separator: ',' | '|'): string[] =>
  text.split(separator === ',' ? /(?<!(?<!\\)(?:\\\\)*\\),/ : /(?<!(?<!\\)(?:\\\\)*\\)\|/);

const unescape = (text: string): string => text.replace(/\\([\\,|$])/g, '$1');
