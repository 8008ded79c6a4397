import { SamspillError } from '@samspill/kernel';
import { describe, expect, it } from 'vitest';
import { toldError } from './told-error.ts';

const patient = '15838510075';

describe('what is told of an error', () => {
  it('is the message of one of ours', () => {
    const error = new SamspillError('DATABASE_UNAVAILABLE', { cause: new Error(patient) });
    expect(toldError(error)).toBe(error.message);
  });

  it('is class, code and place of any other', () => {
    const error = Object.assign(new RangeError(`no ${patient}`), { code: '22P02' });
    expect(toldError(error)).toMatch(/^RangeError 22P02 at .*told-error\.spec\.ts:\d+:\d+\)?$/);
  });

  it.each([
    ['a message', new Error(patient)],
    ['a line that looks like a frame', new Error(`cannot read\n    at ${patient}`)],
    ['nothing but such a line', new Error(`\n    at ${patient}`)],
    ['a message that was changed', Object.assign(new Error(`\n at ${patient}`), { message: 'E' })],
    [
      'a message that was taken away',
      Object.assign(new Error(`\n at ${patient}`), { message: '' }),
    ],
    ['its cause', new Error('x', { cause: new Error(patient) })],
    ['a code', Object.assign(new Error('x'), { code: `number ${patient}` })],
    ['a detail', Object.assign(new Error('x'), { detail: `Key (id)=(${patient}) exists` })],
    ['a text that was thrown', patient],
  ])('holds nothing of %s', (_, error) => expect(toldError(error)).not.toContain(patient));
});
