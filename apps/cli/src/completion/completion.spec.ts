import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samspill } from '../program.ts';
import { samspillCommand, samspillEnv } from '../support/run-samspill.ts';
import { isOnMachine, typedInto, type TypedShell } from '../support/shell-line.ts';
import { completionsOf, type Completions } from './completions-of.ts';
import { knownValues } from './known-values.ts';

const nobodyAnswers = {
  MEASUREMENTS_URL: 'http://127.0.0.1:9',
  EMERGENCY_WARD_URL: 'http://127.0.0.1:9',
};

describe('what may come next', () => {
  const completions = (...words: string[]): Promise<Completions> =>
    completionsOf(samspill(), words, (name) => knownValues({ client: '', json: false })(name, []));
  const values = async (...words: string[]): Promise<string[]> => {
    const found = await completions(...words);
    return found.kind === 'files'
      ? [`files after ${found.prefix}`]
      : found.values.map(({ value }) => value);
  };

  it.each<[string[], string[]]>([
    [['par'], ['parked']],
    [
      ['parked', ''],
      ['list', 'show', 'requeue', 'accept', 'help'],
    ],
    [['--data-dir', '/tmp', 'parked', 'r'], ['requeue']],
    [['lag', '--p'], ['--partitions']],
    [['lag', '--deb'], ['--debug']],
    [
      ['lag', '--service', ''],
      ['measurements', 'emergency-ward'],
    ],
    [['lag', '--service=e'], ['--service=emergency-ward']],
    [['rebuild', 'start', 'e'], ['emergency-ward']],
    [['keys', 'shred', '--product', 'm'], ['measurements.measurement']],
    [['parked', 'list', '--code', 'RECORD'], ['RECORD_UNREADABLE']],
    [['doctor', 'java', 'po'], ['postgres', 'ports'].sort()],
    [['completion', 'f'], ['fish']],
    [['check', ''], ['files after ']],
    [['check', 'a.json', 'b'], ['files after ']],
    [['parked', 'show', '--patient', ''], ['files after @']],
    [['parked', 'show', '--patient=@p'], ['files after --patient=@']],
    [['simulate', '--days', ''], []],
    [['nonsense', 'lag', ''], []],
  ])('%j may end so', async (words, expected) => {
    expect((await values(...words)).sort()).toEqual(expected.sort());
  });

  it('says what commands and options do', async () => {
    expect(await completions('down')).toMatchObject({
      values: [
        { value: 'down', description: expect.stringMatching(/^stop the local mesh/) as string },
      ],
    });
  });
});

describe('a shell completes commands, options, their values and files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samspill-completion-'));
    await writeFile(join(folder, 'patient.txt'), '');
    await mkdir(join(folder, 'outbox'));
    await writeFile(join(folder, 'outbox/bundle.json'), '');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const program = samspillCommand.map((word) => `'${word}'`).join(' ');
  const env = samspillEnv(nobodyAnswers);

  describe.each<TypedShell>(['bash', 'zsh'])('%s', (shell) => {
    it.skipIf(!isOnMachine(shell))('as they are typed, with Tab', async () => {
      const setup = `samspill() { ${program} "$@"; }; eval "$(samspill completion ${shell})"`;
      const typed = [
        ['samspill parked l\t--serv\temer\t', 'samspill parked list --service emergency-ward'],
        ['samspill lag --service=meas\t', 'samspill lag --service=measurements'],
        [
          'samspill keys shred --cause "order 17" --product mea\t',
          'samspill keys shred --cause order 17 --product measurements.measurement',
        ],
        ['samspill check out\tbun\t', 'samspill check outbox/bundle.json'],
        ['samspill parked show --patient=@pat\t', 'samspill parked show --patient=@patient.txt'],
        ['samspill parked show --patient @pat\t', 'samspill parked show --patient @patient.txt'],
      ] as const;
      const lines = typed.map(([keys]) => keys);
      const completed = await typedInto(shell, { setup: [setup], lines, cwd: folder, env });
      expect(completed).toEqual(typed.map(([, line]) => line));
    });
  });

  it.skipIf(!isOnMachine('fish'))('fish, by its own complete -C', async () => {
    const lines = [
      'parked l',
      'lag --service=meas',
      'check outbox/b',
      'parked show --patient @pat',
    ];
    const script = [
      `function samspill; ${program} $argv; end`,
      'samspill completion fish | source',
      ...lines.map((line) => `complete -C 'samspill ${line}'`),
    ];
    const args = ['--no-config', '-c', script.join('\n')];
    const { stdout } = await promisify(execFile)('fish', args, { cwd: folder, env });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(['list', '--service=measurements', 'outbox/bundle.json', '@patient.txt']);
  });
});
