import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { searchForm } from './search-form.ts';

const formType = 'application/x-www-form-urlencoded';

const search = (headers: Record<string, string>, body = 'code=8867-4'): URLSearchParams =>
  searchForm({ headers, body: Buffer.from(body) } as unknown as FastifyRequest);

it.each([undefined, '*/*', 'application/fhir+json', 'text/html, application/json;q=0.9'])(
  'a search that accepts %s is read',
  (accept) => {
    const form = search({ 'content-type': formType, ...(accept && { accept }) });
    expect(form.get('code')).toBe('8867-4');
  },
);

it('a search is refused with 406 when its sender takes no JSON', () => {
  expect(() => search({ 'content-type': formType, accept: 'application/fhir+xml' })).toThrow(
    expect.objectContaining({ status: 406 }),
  );
});

it('a search that is no form is refused with 415', () => {
  expect(() => search({ 'content-type': 'application/json' })).toThrow(
    expect.objectContaining({ status: 415 }),
  );
});

it('no body is an empty form', () => {
  expect([...search({}, '')]).toEqual([]);
});

it('a form of more than 64 KiB is refused with 413, since each condition in it costs time', () => {
  const form = (bytes: number) => 'code='.padEnd(bytes, 'x');
  expect(search({ 'content-type': formType }, form(64 * 1024)).has('code')).toBe(true);
  expect(() => search({ 'content-type': formType }, form(64 * 1024 + 1))).toThrow(
    expect.objectContaining({ status: 413 }),
  );
});
