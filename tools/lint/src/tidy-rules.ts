import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPersonNumber } from '@samspill/fhir';

/** Looks through one file of the project; answers with what breaks the rule. */
export interface TidyRule {
  readonly name: string;
  /** Which files it is about, by their path from the top. */
  appliesTo(path: string): boolean;
  findIn(text: string, path: string): readonly string[];
}

const all = (): boolean => true;
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([found]) => found.trim());

const isSpec = (path: string): boolean => path.endsWith('.spec.ts');
/** Suites that specs of several adapters run. */
const isContractSuite = (path: string): boolean => path.includes('/src/contract/');
const isGenerated = (path: string): boolean => path.includes('/generated/');

/** Help numbers have no synthetic form; these stand in published test data. */
const publishedTestNumbers: ReadonlySet<string> = new Set([
  '15438510092',
  '55438510086',
  '81212121223',
  '94545456561',
]);

const mayBelongToSomebody = (digits: string): boolean => {
  const number = readPersonNumber(digits);
  if (number === undefined || number.synthetic || publishedTestNumbers.has(digits)) return false;
  return number.checkDigitsHold && number.dateExists;
};

const isBroken = (top: string, path: string, link: string): boolean => {
  const [target = ''] = link.split('#');
  return target !== '' && !existsSync(join(top, dirname(path), decodeURI(target)));
};

/** The house rules on texts. `registryHost`: that of this machine's package registry, which no file may name. */
export const tidyRules = (top: string, registryHost: string | undefined): readonly TidyRule[] => [
  {
    name: 'no path of one machine',
    appliesTo: all,
    findIn: (text) => matches(text, /(?<![\w.~*-])\/(?:home|Users|root|work)\/[\w.-]+/g),
  },
  {
    name: 'no address of a package registry',
    appliesTo: all,
    findIn: (text) => [
      ...matches(text, /"resolved": *"[^"]*"|^ *registry *=.*$/gm),
      ...(registryHost !== undefined && text.includes(registryHost) ? [registryHost] : []),
    ],
  },
  {
    name: 'no national number that may be somebody’s',
    appliesTo: all,
    findIn: (text) => matches(text, /(?<!\d)\d{11}(?!\d)/g).filter(mayBelongToSomebody),
  },
  {
    name: 'nothing left to do',
    appliesTo: all,
    findIn: (text) => matches(text, /\b(?:TO[D]O|FIX[M]E)\b/g),
  },
  {
    name: 'no test left out, none run alone',
    appliesTo: isSpec,
    findIn: (text) =>
      matches(text, /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo)\b/g),
  },
  {
    name: 'topics and subjects come from the contracts',
    appliesTo: (path) =>
      path.endsWith('.ts') && !isSpec(path) && !isContractSuite(path) && !isGenerated(path),
    findIn: (text) => matches(text, /['"`][^'"`\n]*\b[a-z-]+\.[a-z-]+\.v\d+\b/g),
  },
  {
    name: 'links lead somewhere',
    appliesTo: (path) => path.endsWith('.md'),
    findIn: (text, path) =>
      [...text.matchAll(/\]\((?!\w+:|#)([^)\s]+)\)/g)].flatMap(([, link = '']) =>
        isBroken(top, path, link) ? [link] : [],
      ),
  },
];
