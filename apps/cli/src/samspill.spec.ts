import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandsBelow } from './command-tree.ts';
import { endingOf } from './ending.ts';
import { checkout } from './mesh-addresses.ts';
import { samspill } from './program.ts';
import { runSamspill } from './support/run-samspill.ts';

const run = promisify(execFile);

describe('samspill', () => {
  it('shows what it can do, and what its exit codes mean', async () => {
    const { exitCode, out } = await runSamspill(['--help']);
    expect(exitCode).toBe(0);
    for (const name of [
      'up',
      'down',
      'status',
      'simulate',
      'check',
      'publish',
      'schemas',
      'keys',
      'lag',
      'parked',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(out).toContain('3  a part of the mesh is away');
  });

  it.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['check'], /missing required argument 'file'/],
    [['simulate', '--patients', 'many'], /--patients.*whole number from 1/],
    [['simulate', '--until', '2026-03-08'], /--until.*a time with its zone/],
    [['schemas', 'apply', '--force'], /unknown option '--force'/],
    [['keys', 'shred', '--product', 'other'], /--product.*measurements\.measurement/],
    [['grants', 'close', '--consumer', 'home-hub'], /--consumer.*emergency-ward/],
    [['lag', '--service', 'key-vault'], /--service.*measurements, emergency-ward/],
    [['parked', 'requeue', '--all', '--code', 'X'], /--code.*cannot be used with.*--all/],
    [['rebuild', 'start', 'key-vault', 'x'], /service.*measurements, emergency-ward/],
    [['rebuild', 'discard', 'measurements', 'ledger'], /missing required argument 'version'/],
    [['rebuild', 'status', '--watch'], /name SERVICE and PROJECTION/],
    [['parked', 'accept', '--code', 'X'], /required option '--service/],
    [['lagg'], /\(Did you mean lag\?\)/],
    [['parked', 'lst'], /\(Did you mean list\?\)/],
    [['lag', '--wach'], /\(Did you mean --watch\?\)\n\(samspill lag --help shows how\)/],
  ])('ends %j with 2 and says what is wrong', async (args, message) => {
    const program = samspill();
    let said = '';
    for (const command of commandsBelow(program)) {
      command.configureOutput({ writeErr: (text) => (said += text) });
    }
    const ending = await program.parseAsync(args, { from: 'user' }).then(() => undefined, endingOf);
    expect(ending).toMatchObject({ exitCode: 2, line: undefined });
    expect(said).toMatch(message);
  });

  it('takes paths from where npm run samspill was called, not from the top of the checkout', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'samspill-from-'));
    await writeFile(join(folder, 'empty.json'), '');
    const env = { npm_lifecycle_event: 'samspill', INIT_CWD: folder };
    const { out, err } = await runSamspill(['check', 'empty.json'], { env });
    await rm(folder, { recursive: true });
    expect(err).toBe('');
    expect(out).toMatch(/1 payload: 0 accepted, 0 ignored, 1 refused\n$/);
  });

  it('shows no colours where no terminal is, under CI neither', async () => {
    const { err } = await runSamspill(['check', '/nowhere.json'], { env: { CI: 'true' } });
    expect(err).toBe(
      '/nowhere.json, which does not exist: expected that it can be read. To mend: name a file with a FHIR payload.\n',
    );
  });

  it('tells a program in JSON what is wrong, on standard error alone', async () => {
    const away = {
      MEASUREMENTS_URL: 'http://127.0.0.1:9',
      EMERGENCY_WARD_URL: 'http://127.0.0.1:9',
    };
    const { exitCode, out, err } = await runSamspill(['lag', '--json'], { env: away });
    expect([exitCode, JSON.parse(out)]).toEqual([3, []]);
    const problem = {
      code: 'NO_ANSWER',
      rule: 'the service answers',
      mend: expect.stringContaining('status') as string,
    };
    expect(JSON.parse(err)).toEqual({
      error: {
        exitCode: 3,
        problems: [
          { ...problem, place: 'measurements: http://127.0.0.1:9' },
          { ...problem, place: 'emergency-ward: http://127.0.0.1:9' },
        ],
      },
    });
  });

  it('tells it so of a wrong command line too', async () => {
    const { exitCode, out, err } = await runSamspill(['lag', '--jsn', '--json']);
    expect([exitCode, out]).toEqual([2, '']);
    expect(JSON.parse(err)).toMatchObject({
      error: { problems: [{ code: 'USAGE', place: "unknown option '--jsn'" }] },
    });
  });

  it('ends quietly when whoever reads has seen enough', async () => {
    const main = join(checkout, 'apps/cli/src/main.ts');
    const piped = `"$0" --import tsx "${main}" --help | true; echo "\${PIPESTATUS[0]}"`;
    const env = { ...process.env, TSX_TSCONFIG_PATH: join(checkout, 'tsconfig.base.json') };
    const { stdout, stderr } = await run('bash', ['-c', piped, process.execPath], { env });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });

  it('ends as a process with the same code, and without a stack', async () => {
    const { exitCode, err } = await runSamspill(['nonsense']);
    expect(exitCode).toBe(2);
    expect(err).toContain("unknown command 'nonsense'");
    expect(err).not.toMatch(/^\s+at /m);
  });
});
