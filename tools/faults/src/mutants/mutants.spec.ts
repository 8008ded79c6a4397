import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../checks/run-checks.ts';
import { editedSource, topFolder } from './edited-source.ts';
import { mutants } from './mutants.ts';

describe.each(mutants)('the mutant $name', ({ edits, foundBy }) => {
  it('changes sources as they are today', () => {
    for (const [file, own] of Map.groupBy(edits, (edit) => edit.file)) {
      const source = readFileSync(join(topFolder, file), 'utf8');
      expect(editedSource(source, own)).not.toBe(source);
    }
  });

  it('is to be found by a check that there is', () => {
    expect(checks.map(({ name }) => name)).toContain(foundBy);
  });
});
