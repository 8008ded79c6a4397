import { expect, it } from 'vitest';
import { errorCatalogue, isRetriable, SamspillError, throwUnlessRetriable } from './errors.ts';

it('an error names its place, the rule that does not hold and the mend', () => {
  const error = new SamspillError('PORT_IN_USE', { place: 'port 9092', mend: 'choose another' });
  expect(error.message).toBe(
    'PORT_IN_USE: port 9092: expected that the port is free. To mend: choose another.',
  );
  expect(error).toMatchObject({ place: 'port 9092', retriable: false, mend: 'choose another' });
});

it('whether the same call can be made again is data', () => {
  expect(isRetriable(new SamspillError('DATABASE_UNAVAILABLE'))).toBe(true);
  expect(isRetriable(new SamspillError('CHECKPOINT_GAP'))).toBe(false);
  expect(isRetriable(new Error('not ours'))).toBe(false);
});

it('passes over what may pass by itself, and over nothing else', () => {
  throwUnlessRetriable(new SamspillError('DATABASE_UNAVAILABLE'));
  expect(() => throwUnlessRetriable(new SamspillError('CHECKPOINT_GAP'))).toThrow(SamspillError);
  expect(() => throwUnlessRetriable(new Error('not ours'))).toThrow('not ours');
});

it('keeps what caused it', () => {
  const cause = new Error('ECONNREFUSED');
  expect(new SamspillError('KEY_VAULT_UNAVAILABLE', { cause }).cause).toBe(cause);
});

it.each(Object.entries(errorCatalogue))('%s has a rule and a mend in plain words', (_, entry) => {
  expect(entry.rule).toMatch(/^\S.+[^.]$/);
  // Read aloud it goes on from "expected that …" and from "To mend: …".
  expect(entry.rule).toMatch(/^(the|a|an|old|few|fewer|one|two|without|schemas|database) /);
  expect(entry.mend).toMatch(/^[a-z]+ .*[^.]$/);
  expect(entry.mend).not.toMatch(/run: /);
});
