import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doingCommands, pathOf } from '../command-tree.ts';
import { checkout } from '../mesh-addresses.ts';
import { samspill } from '../program.ts';
import { blocksIn, isRunOf, pageOf, withoutNoise } from './page.ts';
import { recordings } from './recordings.ts';

const page = readFileSync(join(checkout, 'tools/docs/commands.md'), 'utf8');
const program = samspill();
const commands = doingCommands(program);
const mend = 'add a recording to apps/cli/src/recording/recordings.ts, then: npm run record';

describe('the page of recorded commands', () => {
  it.each(commands.map((command) => [pathOf(command), command] as const))(
    'has a run of %s, and says how it is made again',
    (path, command) => {
      const own = recordings.filter((one) => isRunOf(one.command, command, program));
      expect(own.length, mend).toBeGreaterThan(0);
      expect(page, mend).toContain(`\n## \`${path}\`\n`);
    },
  );

  it('has no command that the program does not have', () => {
    const sections = [...page.matchAll(/^## `(.*)`$/gm)].map(([, path]) => path);
    expect(sections, mend).toEqual(commands.map(pathOf));
  });

  it('has the runs that are to be recorded, and no others', () => {
    const recorded = blocksIn(page).map((block) => /^\$ (.*)$/m.exec(block)?.[1] ?? '');
    const patterns = recordings.map(({ command }) =>
      RegExp.escape(command).replace(/\\\{\w+\\\}/g, '\\S+'),
    );
    const unknown = recorded.filter((one) => !patterns.some((it) => RegExp(`^${it}$`).test(one)));
    expect(unknown, mend).toEqual([]);
    expect(recorded.length, mend).toBe(recordings.length);
  });

  it('shows nothing of the machine that it was recorded on, and no national id', () => {
    expect(page).not.toMatch(/\/tmp\/|\/home\/|\/root\/|\u001b/);
    expect(page).not.toMatch(/\b\d{11}\b/);
  });
});

describe('what is recorded again', () => {
  const recorded = (output: string, exitCode = 0): string =>
    pageOf(program, [{ command: 'samspill lag', output, exitCode }]);
  const former = recorded('read model  behind\nward v1     4');

  it('stays where only counts, and the width that they take, are others', () => {
    expect(withoutNoise(recorded('read model  behind\nward v1     12345'), former)).toBe(former);
    expect(withoutNoise(recorded('read model      behind\nward v1         4'), former)).toBe(
      former,
    );
  });

  it('is replaced where it says something else', () => {
    const now = recorded('read model  behind\nward v1     4, held');
    expect(withoutNoise(now, former)).toBe(now);
  });

  it('says the exit code of what did not go well', () => {
    expect(recorded('away', 3)).toContain('```\n\nIt ends with exit code 3.\n');
  });
});
