import { resolve } from 'node:path';
import { isValidPersonNumber } from '@samspill/fhir';
import { describe, expect, it } from 'vitest';
import { tidyRules } from './tidy-rules.ts';

const top = resolve(import.meta.dirname, '../../..');
const rules = tidyRules(top, 'packages.example');

/** Samples are put together from pieces, so that this file itself keeps the rules. */
const join = (...pieces: string[]): string => pieces.join('');

/** A valid number of that day, which nobody writes down here. */
const personNumber = (day: string): string => {
  for (let end = 0; end < 100_000; end += 1) {
    const digits = day + String(end).padStart(5, '0');
    if (isValidPersonNumber(digits)) return digits;
  }
  throw new Error(`no valid number on ${day}`);
};

const samples: [rule: string, path: string, bad: string, good: string][] = [
  [
    'no path of one machine',
    'README.md',
    `cd ${join('/ho', 'me/kari/samspill')}`,
    'GET https://example.org/home/kari, ~/work/x',
  ],
  [
    'no address of a package registry',
    'package-lock.json',
    `{${join('"resol', 'ved": "https://a.example/b.tgz"')}}`,
    '{"version": "1.0.0"}',
  ],
  [
    'no address of a package registry',
    '.npmrc',
    join('regis', 'try=https://a.example'),
    'omit-lockfile-registry-resolved=true',
  ],
  [
    'no address of a package registry',
    'README.md',
    join('see packages', '.example'),
    'see the registry',
  ],
  ...['150385', '550385', '154385', '554385'].map((day): [string, string, string, string] => [
    'no national number that may be somebody’s',
    'a.json',
    `"${personNumber(day)}"`,
    `"${personNumber('158385')}" "${personNumber('156885')}" "${personNumber(day)}0"`,
  ]),
  ['nothing left to do', 'a.ts', `// ${join('TO', 'DO')} later`, '// todos are kept elsewhere'],
  ['nothing left to do', 'a.sql', `-- ${join('FIX', 'ME')}`, '-- fixed'],
  [
    'no test left out, none run alone',
    'a.spec.ts',
    `it${join('.on', 'ly')}('adds', () => 0)`,
    `it.each([1])('adds', () => 0)`,
  ],
  [
    'no test left out, none run alone',
    'a.spec.ts',
    `describe.concurrent${join('.sk', 'ip')}('sums', () => 0)`,
    `it.skipIf(absent)('reads the file', () => 0)`,
  ],
  [
    'topics and subjects come from the contracts',
    'apps/ward/src/topics.ts',
    `const topic = 'lab-results.report.v1'`,
    `const version = labResultsReport.topic; // as lab-results.report.v1`,
  ],
  ['links lead somewhere', 'README.md', '[map](no-such-file.md)', '[lint](tools/lint#rules)'],
  ['links lead somewhere', 'README.md', '[map](./no-such-folder/)', '[out](https://example.org)'],
];

describe('the tidy rules', () => {
  it.each(samples)('bite: %s in %s', (name, path, bad, good) => {
    const rule = rules.find((each) => each.name === name);
    expect(rule?.appliesTo(path)).toBe(true);
    expect(rule?.findIn(bad, path)).toHaveLength(1);
    expect(rule?.findIn(good, path)).toEqual([]);
  });

  it('are all shown to bite', () => {
    expect(new Set(samples.map(([name]) => name))).toEqual(new Set(rules.map(({ name }) => name)));
  });

  it('let specs, contract suites and generated code name topics', () => {
    const rule = rules.find(({ name }) => name.startsWith('topics'));
    for (const path of ['a/src/a.spec.ts', 'a/src/contract/a.ts', 'a/src/generated/a.ts']) {
      expect(rule?.appliesTo(path)).toBe(false);
    }
  });
});
