import { SamspillError } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { CommandFailure } from './command-failure.ts';
import { endingOf } from './ending.ts';
import { exitCodes } from './exit-codes.ts';

describe('the ending of a command that threw', () => {
  it('says 3 for a part that may come back, with place, rule and mend', () => {
    const { exitCode, line } = endingOf(
      new SamspillError('SCHEMA_REGISTRY_UNAVAILABLE', { place: 'http://127.0.0.1:1' }),
    );
    expect(exitCode).toBe(exitCodes.away);
    expect(line).toMatch(/http:\/\/127\.0\.0\.1:1: .*the schema registry answers\. To mend: wait/);
  });

  it('says 1 for what will not pass by itself', () => {
    expect(endingOf(new SamspillError('SCHEMA_REFUSED')).exitCode).toBe(exitCodes.refused);
    expect(endingOf(new SamspillError('PORT_IN_USE')).exitCode).toBe(exitCodes.refused);
  });

  it('takes the code of a failure that knows it', () => {
    const problem = { place: 'f', rule: 'it can be read', mend: 'name a file' };
    expect(endingOf(new CommandFailure(exitCodes.usage, problem))).toEqual({
      exitCode: 2,
      line: 'f: expected that it can be read. To mend: name a file.',
      problems: [{ code: 'USAGE', ...problem }],
    });
  });

  it('puts a fault of its own into one line, and points to --debug', () => {
    const { exitCode, line } = endingOf(new TypeError('two\n  lines'));
    expect(exitCode).toBe(4);
    expect(line).toMatch(
      /^a fault of this program: two; lines\. To mend: run it again with --debug/,
    );
  });
});
