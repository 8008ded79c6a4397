/** Where a recording runs. */
export interface Places {
  readonly dataDir: string;
  readonly folder: string;
  readonly checkout: string;
}

const pseudonym = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{22}(?![\w-])/g;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const time = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const position = /(?<=\.v\d+:)\d+:\d+/g;
const port = /(?<=127\.0\.0\.1:)\d{5}/g;

/**
 * Shows runs with places of one machine, times, ports, positions and ids that stay, as long as what they stand for, so that
 * tables keep their form. The same id has the same name in all runs.
 */
export function normaliser({ dataDir, folder, checkout }: Places): (text: string) => string {
  const names = new Map<string, string>();
  const named = (kind: string, made: (number: number) => string) => (found: string) => {
    const known = names.get(`${kind} ${found}`);
    if (known !== undefined) return known;
    const number = [...names.keys()].filter((key) => key.startsWith(`${kind} `)).length + 1;
    names.set(`${kind} ${found}`, made(number));
    return made(number);
  };
  const ofPort = named('port', (number) => String(20_000 + number));
  const ofPosition = named('position', (number) => `1:${10 + number}`);
  const ofUuid = named('uuid', (number) => `00000000-0000-8000-8000-${padded(number, 12)}`);
  const ofPatient = named('patient', (number) => `PseudonymOfPatient-${padded(number, 3)}`);
  return (text) =>
    text
      .replaceAll(dataDir, '/srv/samspill/.samspill')
      .replaceAll(`${folder}/`, '')
      .replaceAll(folder, '/srv/samspill')
      .replaceAll(checkout, '/srv/samspill')
      .replace(time, (found) => `${'2026-03-08T12:00:00.000'.slice(0, found.length - 1)}Z`)
      .replace(port, ofPort)
      .replace(position, ofPosition)
      .replace(uuid, ofUuid)
      .replace(pseudonym, ofPatient);
}

const padded = (number: number, length: number): string => String(number).padStart(length, '0');

/**
 * What is the same in two runs of the same: words and their order. Counts, and the width that they give a table, are not.
 */
export const shapeOf = (text: string): string =>
  text
    .replace(/\d+/g, '0')
    .replace(/[█░─]+/g, '─')
    .replace(/[ \t]+/g, ' ');
