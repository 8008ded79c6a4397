import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { endingOf } from './command-failure.ts';
import { samspill } from './program.ts';
import { runSamspill } from './support/run-samspill.ts';

const commandsOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(commandsOf);

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
      'schemas',
      'keys',
      'lag',
      'parked',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(out).toContain('3  a part of the mesh is away');
  });

  it('has help with exit codes for each command', () => {
    const commands = commandsOf(samspill());
    expect(commands.map((command) => command.name()).sort()).toEqual([
      'accept',
      'apply',
      'check',
      'check',
      'close',
      'discard',
      'down',
      'lag',
      'list',
      'open',
      'requeue',
      'roll-back',
      'show',
      'shred',
      'simulate',
      'start',
      'status',
      'status',
      'switch',
      'up',
    ]);
    for (const command of commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help, command.name()).toContain('Exit codes:');
    }
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
  ])('ends %j with 2 and says what is wrong', async (args, message) => {
    const program = samspill();
    let said = '';
    for (const command of [program, ...program.commands, ...commandsOf(program)]) {
      command.configureOutput({ writeErr: (text) => (said += text) });
    }
    const ending = await program.parseAsync(args, { from: 'user' }).then(() => undefined, endingOf);
    expect(ending).toEqual({ exitCode: 2, line: undefined });
    expect(said).toMatch(message);
  });

  it('takes paths from where npm run samspill was called, not from the top of the checkout', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'samspill-from-'));
    await writeFile(join(folder, 'empty.json'), '');
    const env = { npm_lifecycle_event: 'samspill', INIT_CWD: folder };
    const { out, err } = await runSamspill(['check', 'empty.json'], { env });
    await rm(folder, { recursive: true });
    expect(err).toBe('');
    expect(out).toMatch(/1 file: 0 accepted, 0 ignored, 1 refused\n$/);
  });

  it('shows no colours where no terminal is, under CI neither', async () => {
    const { err } = await runSamspill(['check', '/nowhere.json'], { env: { CI: 'true' } });
    expect(err).toBe(
      '/nowhere.json: cannot be read, it does not exist. To mend: name a file with a FHIR payload.\n',
    );
  });

  it('ends as a process with the same code, and without a stack', async () => {
    const { exitCode, err } = await runSamspill(['nonsense']);
    expect(exitCode).toBe(2);
    expect(err).toContain("unknown command 'nonsense'");
    expect(err).not.toMatch(/^\s+at /m);
  });
});
