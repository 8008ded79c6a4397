import { readFileSync } from 'node:fs';
import { createDatabase } from '@samspill/local-stack';
import { createPool } from '@samspill/read-model';
import { metricListFile, parseMetricList, scrape, serviceNames, until } from '@samspill/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { control } from './mesh-control.ts';

const { urls, control: mesh, databaseUrl } = inject('mesh');

/** Of these some are told by some operating systems alone. */
const ofSystem = /^process_/;
const partOfHistogram = /_(bucket|sum|count)$/;

it.each(serviceNames)(
  '%s tells what the list says that dashboards are held against',
  async (service) => {
    const listed = parseMetricList(readFileSync(metricListFile(service), 'utf8'));
    const labelsOf = new Map(listed.map(({ name, labels }) => [name, labels]));
    const unlisted = (await scrape(urls[service]))
      .filter(({ name }) => !ofSystem.test(name))
      .flatMap(({ name, labels }) => {
        const known = labelsOf.get(name) ?? labelsOf.get(name.replace(partOfHistogram, ''));
        if (known === undefined) return [name];
        const strange = Object.keys(labels).filter((one) => one !== 'le' && !known.includes(one));
        return strange.map((label) => `${name}{${label}}`);
      });
    expect(unlisted).toEqual([]);
  },
);

// scrape waits as long as Prometheus does.
describe('before Prometheus gives up, a page is there without what nobody knows', () => {
  const namesOf = async (service: (typeof serviceNames)[number]): Promise<string[]> =>
    (await scrape(urls[service])).map(({ name }) => name);
  const lag = 'kafka_consumergroup_lag';
  const endOfLog = 'kafka_topic_partition_current_offset';
  const doesNotTell = (name: string) => (names: string[]) => !names.includes(name);
  const ofProcess = ['process_resident_memory_bytes', 'nodejs_eventloop_lag_max_seconds'];

  it('while the log hangs', async () => {
    await control(mesh, 'SIGSTOP', 'kafka');
    onTestFinished(() => control(mesh, 'SIGCONT', 'kafka'));
    for (const service of serviceNames) {
      // A look that was answered just before may still be told once.
      const names = await until('pages', 30_000, () => namesOf(service), doesNotTell(endOfLog));
      expect(names).toEqual(expect.arrayContaining(ofProcess));
    }
  });

  it('while the database makes it wait', async () => {
    const schema = 'emergency_ward';
    const url = await createDatabase(databaseUrl, schema);
    const pool = createPool(url, { schema, applicationName: 'e2e', idleInTransactionMs: 60_000 });
    onTestFinished(() => pool.end());
    const db = await pool.connect();
    onTestFinished(() => db.release(true));
    await db.query('BEGIN');
    await db.query('LOCK TABLE projection_offset');
    const names = await namesOf('emergency-ward');
    await db.query('ROLLBACK');
    expect(names).toEqual(expect.arrayContaining(ofProcess));
    expect(names).not.toContain(lag);
    const ask = () => namesOf('emergency-ward');
    await until('the lag again', 30_000, ask, (again) => again.includes(lag));
  });
});
