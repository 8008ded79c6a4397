import { withDatabase } from '@samspill/local-stack';
import { ok, problem, skipped, warning, type Check, type Surroundings } from '../check.ts';

/** HTTP dates are whole seconds; below this nothing is said. */
const unseenMs = 2_000;
const badMs = 30_000;

interface Skew {
  readonly where: string;
  readonly ms: number;
}

/** Ages, freshness and lag are differences between clocks. */
export const clockCheck = ({ addresses }: Pick<Surroundings, 'addresses'>): Check => ({
  name: 'clock',
  group: 'mesh',
  look: async () => {
    const { databaseUrl, services } = addresses;
    const asked = await Promise.all([
      ...Object.entries(services).map(([name, url]) => skewOf(name, () => dateOf(url))),
      ...(databaseUrl === undefined ? [] : [skewOf('postgres', () => databaseTime(databaseUrl))]),
    ]);
    const skews = asked.flatMap((one) => one ?? []);
    if (skews.length === 0) return [skipped('nobody answers to be compared with')];
    const off = skews.filter(({ ms }) => Math.abs(ms) > unseenMs);
    if (off.length === 0) return [ok(`as that of ${skews.map(({ where }) => where).join(', ')}`)];
    return off.map(({ where, ms }) => {
      const seconds = Math.round(Math.abs(ms) / 1_000);
      const what = `${where} is ${seconds} s ${ms > 0 ? 'ahead of' : 'behind'} this machine`;
      const mend = 'set both by NTP: timedatectl set-ntp true';
      return Math.abs(ms) > badMs ? problem(what, mend) : warning(what, mend);
    });
  },
});

/** How far a clock is ahead of ours, taken in the middle between question and answer. */
async function skewOf(where: string, ask: () => Promise<number>): Promise<Skew | undefined> {
  const before = Date.now();
  const there = await ask().catch(() => undefined);
  return there === undefined ? undefined : { where, ms: there - (before + Date.now()) / 2 };
}

async function dateOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(3_000) });
  // Half a second is what is cut off on average.
  return Date.parse(answer.headers.get('date') ?? '') + 500;
}

async function databaseTime(url: string): Promise<number> {
  const { rows } = await withDatabase(
    url,
    (db) =>
      db.query<{ ms: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms'),
    { query_timeout: 3_000 },
  );
  return rows[0]?.ms ?? NaN;
}
