import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../mesh-addresses.ts';
import { runSamspill } from '../../support/run-samspill.ts';
import type { Check, Finding } from '../check.ts';
import { dataFolderCheck } from './data-folder.ts';
import { diskSpaceCheck } from './disk-space.ts';
import { generatedCodeCheck } from './generated-code.ts';
import { javaCheck } from './java.ts';
import { leftoversCheck } from './leftovers.ts';
import { memoryCheck } from './memory.ts';
import { nodeVersionCheck } from './node-version.ts';
import { openFilesCheck } from './open-files.ts';
import { portsCheck } from './ports.ts';
import { serverProgramsCheck } from './server-programs.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'samspill-doctor-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = async (check: Check): Promise<readonly Finding[]> => check.look();
const all = 2 ** 60;

/** Nothing of the machine that runs the test. */
const bare = { PATH: join('/', 'nowhere'), HOME: join('/', 'nowhere') };

describe('doctor names what is broken on this machine, and how to mend it', () => {
  it('a Node that is too old', async () => {
    expect(await found(nodeVersionCheck())).toMatchObject([{ verdict: 'ok' }]);
    const [finding] = await found(nodeVersionCheck('20.20.2'));
    expect(finding).toMatchObject({
      verdict: 'problem',
      what: expect.stringContaining('version 20.20.2') as string,
      mend: expect.stringContaining('npm run samspill') as string,
    });
  });

  it('no Java that fits', async () => {
    const env = { ...bare, SAMSPILL_JAVA: join(folder, 'no-java') };
    expect(await found(javaCheck({ env }))).toMatchObject([
      {
        verdict: 'problem',
        what: expect.stringContaining('no-java/bin/java (SAMSPILL_JAVA): does not run') as string,
        mend: expect.stringContaining('install a Java runtime of version 21') as string,
      },
    ]);
  });

  it('servers that are not downloaded, and no Maven to download them', async () => {
    const env = { ...bare, XDG_CACHE_HOME: folder };
    expect(await found(serverProgramsCheck({ env }))).toMatchObject([
      {
        verdict: 'problem',
        what: expect.stringMatching(/^kafka .* and apicurio.* not downloaded.*Maven/) as string,
        mend: expect.stringContaining('install Maven') as string,
      },
    ]);
  });

  it('nothing about servers that the environment names', async () => {
    const named = { KAFKA_BROKERS: 'k:1', SCHEMA_REGISTRY_URL: 'r', DATABASE_URL: 'd' };
    const env = { ...bare, ...named };
    expect(await found(javaCheck({ env }))).toMatchObject([{ verdict: 'skipped' }]);
    expect(await found(serverProgramsCheck({ env }))).toMatchObject([{ verdict: 'skipped' }]);
  });

  it.each([
    [
      'disk',
      (least: { warning: number; problem: number }) =>
        diskSpaceCheck({ dataDir: join(folder, 'a/b') }, least),
    ],
    [
      'memory',
      (least: { warning: number; problem: number }) => memoryCheck({ runs: false }, least),
    ],
  ])('too little %s', async (_, check) => {
    expect(await found(check({ warning: 0, problem: 0 }))).toMatchObject([{ verdict: 'ok' }]);
    expect(await found(check({ warning: all, problem: 0 }))).toMatchObject([
      { verdict: 'warning' },
    ]);
    expect(await found(check({ warning: all, problem: all }))).toMatchObject([
      { verdict: 'problem', what: expect.stringContaining('GiB') as string },
    ]);
  });

  it('too few open files', async () => {
    const [finding] = await found(openFilesCheck(600));
    expect(finding).toMatchObject({
      verdict: 'problem',
      mend: expect.stringContaining('ulimit -n 4096') as string,
    });
  });

  it('a data folder that is none, and a secret that others can read', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await found(dataFolderCheck({ dataDir: join(file, 'mesh') }))).toMatchObject([
      { verdict: 'problem', what: `${file} is no folder` },
    ]);
    const dataDir = join(folder, 'data');
    await mkdir(join(dataDir, 'secrets'), { recursive: true });
    const kek = join(dataDir, 'secrets/kek');
    await writeFile(kek, '', { mode: 0o600 });
    expect(await found(dataFolderCheck({ dataDir }))).toMatchObject([{ verdict: 'ok' }]);
    await chmod(kek, 0o644);
    expect(await found(dataFolderCheck({ dataDir }))).toMatchObject([
      { verdict: 'problem', mend: `chmod 600 ${kek}` },
    ]);
  });

  it('files of a run that was killed', async () => {
    const dataDir = join(folder, 'killed');
    await mkdir(dataDir);
    const processes = [{ name: 'kafka', pid: 2 ** 22, startTime: '1', stopSignal: 'SIGTERM' }];
    const addresses = { kafkaBrokers: ['k:1'], schemaRegistryUrl: 'r', databaseUrl: 'd' };
    await writeFile(join(dataDir, 'stack.json'), JSON.stringify({ ...addresses, processes }));
    expect(await found(leftoversCheck({ dataDir }))).toMatchObject([
      {
        verdict: 'warning',
        what: expect.stringMatching(/killed left.*kafka \(process 4194304\) gone/) as string,
        mend: 'samspill down',
      },
    ]);
  });

  it('a port that somebody holds, with who it is; and one that is wanted twice', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { SAMSPILL_KAFKA_PORT: String(port), SAMSPILL_REGISTRY_PORT: '15432' };
    const findings = await found(portsCheck({ env, runs: false }));
    server.close();
    const held = `${port}, of Kafka, is held by ${process.platform === 'linux' ? '\\S+.*' : ''}`;
    expect(findings).toContainEqual({
      verdict: 'problem',
      what: expect.stringMatching(new RegExp(`^${held} \\(process ${process.pid}\\)$`)) as string,
      mend: expect.stringMatching(
        new RegExp(`^kill ${process.pid}, .*SAMSPILL_KAFKA_PORT$`),
      ) as string,
    });
    expect(findings).toContainEqual({
      verdict: 'problem',
      what: '15432 is wanted for the schema registry and for PostgreSQL',
      mend: 'choose another by SAMSPILL_POSTGRES_PORT',
    });
  });

  it('generated code that is older than schemas/', async () => {
    const root = join(folder, 'checkout');
    await cp(join(checkout, 'schemas'), join(root, 'schemas'), { recursive: true });
    expect(await found(generatedCodeCheck(root))).toMatchObject([{ verdict: 'ok' }]);
    const file = join(root, 'schemas/key-vault/GrantClosed.avsc');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"doc": "[^"]*"/, '"doc": "new"'));
    expect(await found(generatedCodeCheck(root))).toMatchObject([
      {
        verdict: 'problem',
        what: 'is older than schemas/key-vault/GrantClosed.avsc',
        mend: 'npm run codegen',
      },
    ]);
  });
});

describe('samspill doctor', () => {
  const away = {
    KAFKA_BROKERS: undefined,
    SCHEMA_REGISTRY_URL: undefined,
    DATABASE_URL: undefined,
    SAMSPILL_JAVA: join('/', 'nowhere'),
  };

  it('ends with 1 where there is a problem, and shows its mend below it', async () => {
    const { exitCode, out } = await runSamspill(['doctor', 'node', 'java'], { env: away });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^ {2}ok +node +version 2/m);
    expect(out).toMatch(/^ {2}problem +java +no Java that fits.*\n +To mend: .*\n\n1 problem\n$/m);
  });

  it('tells a program the same, and ends with 0 where nothing is wrong', async () => {
    const { exitCode, out } = await runSamspill(['doctor', 'node', '--json'], { env: away });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({
      findings: [
        { name: 'node', group: 'machine', verdict: 'ok', what: `version ${process.versions.node}` },
      ],
    });
  });

  it('knows the names of its checks', async () => {
    const { exitCode, err } = await runSamspill(['doctor', 'heart'], { env: away });
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/no check 'heart'.*node, java,/)]);
  });
});
