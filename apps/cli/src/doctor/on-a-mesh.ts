import { dataProducts, type DataProduct } from '@samspill/contracts';
import { ensureTopics } from '@samspill/event-log';
import { findRunningStack, withDatabase, type RunningStack } from '@samspill/local-stack';
import { findRunningMesh } from '@samspill/testing';
import { expect, it } from 'vitest';
import type { Ran } from '../support/run-samspill.ts';
import { databaseOf } from './mesh/service-database.ts';
import { subjectsCheck } from './mesh/subjects.ts';
import { topicsCheck } from './mesh/topics.ts';
import type { Checked } from './run-checks.ts';

export interface DoctoredMesh {
  readonly dataDir: () => string;
  readonly samspill: (...args: string[]) => Promise<Ran>;
}

/** Steps of a specification: breaks each part of a real mesh once, sees doctor name it, and brings it back. */
export function doctorSteps({ dataDir, samspill }: DoctoredMesh): void {
  const doctor = async (...names: string[]) => {
    const { exitCode, out, err } = await samspill('doctor', '--json', ...names);
    expect(err).toBe('');
    const { findings } = JSON.parse(out) as { findings: Checked[] };
    return { exitCode, findings };
  };
  const stack = async (): Promise<RunningStack> => {
    const running = await findRunningStack(dataDir());
    if (running === undefined) throw new Error('the stack runs');
    return running;
  };

  it('doctor finds nothing wrong with a mesh that is well', async () => {
    const { exitCode, findings } = await doctor();
    const wrong = findings.filter(({ group, verdict }) => group === 'mesh' && verdict !== 'ok');
    expect(wrong).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('doctor names topics that are missing, or not as the release step makes them', async () => {
    const addresses = { ...(await stack()), services: {} };
    const topic = 'doctor-trial';
    const config = { 'retention.ms': '86400000' };
    await ensureTopics(addresses.kafkaBrokers, [{ topic, partitions: 2, config }]);
    const wanted = [
      { topic, partitions: 3 },
      { topic: 'doctor-absent', partitions: 1 },
    ];
    expect(await topicsCheck({ addresses }, wanted).look()).toEqual([
      {
        verdict: 'problem',
        what: `${topic} has partitions 2, and not 3`,
        mend: expect.stringContaining('raise topic.major') as string,
      },
      {
        verdict: 'problem',
        what: `${topic} has retention.ms 86400000, and not -1`,
        mend: expect.stringMatching(/kafka-configs.* --add-config retention\.ms=-1$/) as string,
      },
      {
        verdict: 'problem',
        what: 'doctor-absent is missing',
        mend: 'samspill schemas apply',
      },
    ]);
  });

  it('doctor names a schema that is not registered as schemas/ has it', async () => {
    const addresses = { ...(await stack()), services: {} };
    const products = [...dataProducts.slice(0, 1).map(withOtherSubject), ...dataProducts.slice(1)];
    expect(await subjectsCheck({ addresses }, products).look()).toEqual([
      {
        verdict: 'problem',
        what: expect.stringMatching(/-other is not registered as schemas\/ has it$/) as string,
        mend: 'samspill schemas apply',
      },
    ]);
  });

  it('doctor names a migration that was changed, and a key vault that is not read back', async () => {
    const { databaseUrl } = await stack();
    const { url, schema } = databaseOf('key-vault', databaseUrl);
    const change = (sql: string) => withDatabase(url, (db) => db.query(sql));
    const table = `${schema}.migration`;
    const of = `name = '0001-key-vault.sql'`;
    await change(`UPDATE ${table} SET sha256 = sha256 || '!' WHERE ${of}`);
    await change(
      `UPDATE ${schema}.read_back SET next_offset = next_offset - 1 WHERE next_offset > 0`,
    );
    try {
      const { exitCode, findings } = await doctor('migrations', 'key vault read back');
      expect(exitCode).toBe(1);
      expect(findings).toMatchObject([
        {
          verdict: 'problem',
          what: 'key-vault: 0001-key-vault.sql was changed after it was applied',
          mend: expect.stringContaining('add another migration') as string,
        },
        { verdict: 'warning', what: expect.stringMatching(/^\d+ of its own facts/) as string },
      ]);
    } finally {
      await change(`UPDATE ${table} SET sha256 = replace(sha256, '!', '') WHERE ${of}`);
      await change(
        `UPDATE ${schema}.read_back SET next_offset = next_offset + 1 WHERE next_offset > 0`,
      );
    }
  });

  it('doctor names servers and services that stand still, and does not guess beyond them', async () => {
    const { parts } = await stack();
    const mesh = await findRunningMesh(dataDir());
    const halted = [...parts, ...(mesh?.services ?? [])]
      .filter(({ name }) => ['kafka', 'registry', 'postgres', 'emergency-ward'].includes(name))
      .map(({ pid }) => pid);
    for (const pid of halted) process.kill(pid, 'SIGSTOP');
    try {
      const status = await samspill('status');
      expect(status.exitCode).toBe(3);
      expect(status.out).toMatch(/of 6 parts not ready[^]*^kafka +no answer/m);
      expect((await samspill('lag', '--service', 'measurements')).exitCode).toBe(3);
      const { exitCode, findings } = await doctor();
      expect(exitCode).toBe(1);
      const of = (name: string) => findings.filter((one) => one.name === name);
      for (const name of ['kafka', 'registry', 'postgres', 'emergency-ward']) {
        expect(of(name), name).toMatchObject([
          {
            verdict: 'problem',
            what: expect.stringMatching(/^no answer at/) as string,
            mend: expect.stringContaining('samspill') as string,
          },
        ]);
      }
      for (const name of ['topics', 'subjects', 'migrations', 'key vault read back']) {
        expect(of(name), name).toMatchObject([{ verdict: 'skipped' }]);
      }
    } finally {
      for (const pid of halted) process.kill(pid, 'SIGCONT');
    }
    await expect.poll(async () => (await samspill('status')).exitCode, { timeout: 60_000 }).toBe(0);
  });
}

/** As if its first schema had been changed and not applied. */
function withOtherSubject(product: DataProduct): DataProduct {
  const [[name, event] = [], ...others] = Object.entries(product.events);
  if (name === undefined || event === undefined) throw new Error('a product has events');
  const changed = { ...event, subject: `${event.subject}-other` };
  return { ...product, events: { [name]: changed, ...Object.fromEntries(others) } };
}
