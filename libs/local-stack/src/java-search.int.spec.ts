import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findJava } from './java-search.ts';

const folder = mkdtempSync(join(tmpdir(), 'samspill-java-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says to be Java of this version. */
const install = (home: string, script: string): string => {
  const program = join(folder, home, 'bin', 'java');
  mkdirSync(join(folder, home, 'bin'), { recursive: true });
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return program;
};
const says = (version: string): string => `echo 'openjdk version "${version}" 2025-04-15' >&2`;

describe('the search for Java', () => {
  it('looks at SAMSPILL_JAVA, JAVA_HOME and each folder of PATH, each with its version', async () => {
    const own = install('own', says('21.0.8'));
    const home = install('home', says('24'));
    const onPath = install('path', says('17.0.1'));
    const found = await findJava({
      SAMSPILL_JAVA: own,
      JAVA_HOME: join(folder, 'home'),
      PATH: `${join(folder, 'nothing')}:${join(folder, 'path/bin')}`,
    });
    expect(found).toEqual(
      expect.arrayContaining([
        { origin: 'SAMSPILL_JAVA', path: own, version: 21 },
        { origin: 'JAVA_HOME', path: home, version: 24 },
        { origin: 'PATH', path: onPath, version: 17 },
      ]),
    );
  });

  it('takes the home of a runtime in SAMSPILL_JAVA as well', async () => {
    const own = install('own', says('21.0.8'));
    const found = await findJava({ SAMSPILL_JAVA: join(folder, 'own') });
    expect(found).toContainEqual({ origin: 'SAMSPILL_JAVA', path: own, version: 21 });
  });

  it('tells of a program that does not run', async () => {
    const broken = install('broken', 'exit 1');
    const found = await findJava({ SAMSPILL_JAVA: broken });
    expect(found).toContainEqual({ origin: 'SAMSPILL_JAVA', path: broken, version: undefined });
  });

  it('looks once at a runtime that is found twice', async () => {
    const own = install('own', says('21.0.8'));
    const found = await findJava({ SAMSPILL_JAVA: own, JAVA_HOME: join(folder, 'own') });
    expect(found.filter(({ path }) => path === own)).toHaveLength(1);
  });
});
