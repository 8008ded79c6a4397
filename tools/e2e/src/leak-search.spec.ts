import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { findLeaks } from './leak-search.ts';

const secret = '15838510075';
const digest = (algorithm: string): Buffer => createHash(algorithm).update(secret).digest();

it.each([
  ['plain', `patient ${secret} is here`],
  ['hex', Buffer.from(`x${secret}`).toString('hex')],
  ['base64', Buffer.from(secret).toString('base64')],
  ['base64', Buffer.from(`a${secret}`).toString('base64')],
  ['base64', Buffer.from(`ab${secret} and more`).toString('base64url')],
  ['sha1 hex', `id=${digest('sha1').toString('hex')}`],
  ['sha256 base64', digest('sha256').toString('base64')],
  ['sha256 base64url', digest('sha256').toString('base64url')],
])('a planted leak is found as %s', (form, text) => {
  const leaks = findLeaks([secret], [{ place: 'a log', bytes: Buffer.from(text) }]);
  expect(leaks).toContainEqual({ place: 'a log', form });
});

it('a planted leak is found as the bytes of a hash', () => {
  const leaks = findLeaks([secret], [{ place: 'a table', bytes: digest('sha256') }]);
  expect(leaks).toEqual([{ place: 'a table', form: 'sha256 bytes' }]);
});

it('another number is no leak', () => {
  const text = Buffer.from(`patient 55838510069 ${Buffer.from('55838510069').toString('hex')}`);
  expect(findLeaks([secret], [{ place: 'a log', bytes: text }])).toEqual([]);
});
