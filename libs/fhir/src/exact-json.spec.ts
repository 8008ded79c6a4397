import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  isRefusedBody,
  parseExactJson,
  stringifyExact,
  type Json,
} from './exact-json.ts';

function read(text: string): Json {
  const result = parseExactJson(Buffer.from(text));
  if (isRefusedBody(result)) throw new Error(result.issue.rule);
  return result.json;
}

function refusal(body: Buffer) {
  const result = parseExactJson(body);
  if (!isRefusedBody(result)) throw new Error('was read');
  return result;
}

describe('exact JSON', () => {
  it.each(['85.0000000001', '85', '37.0', '1e3', '-0', '12345678901234567890.10'])(
    'writes the number %s back as it was sent',
    (number) => expect(stringifyExact(read(`{"value":${number}}`))).toBe(`{"value":${number}}`),
  );

  it('has one canonical form for what differs in layout and order of names only', () => {
    const one = canonicalJson(read('{"b":[1.0, {"d":true,"c":null}],"a":"ø"}'));
    const other = canonicalJson(read('{ "a": "\\u00f8", "b": [1.0,{"c":null, "d":true}] }'));
    expect(one).toBe(other);
    expect(one).toBe('{"a":"ø","b":[1.0,{"c":null,"d":true}]}');
  });

  it('tells 1 from 1.0, since the decimals that were sent are content', () => {
    expect(canonicalJson(read('1'))).not.toBe(canonicalJson(read('1.0')));
  });

  it('refuses 10,000 levels without parsing them', () => {
    const deep = Buffer.from('['.repeat(10_000) + ']'.repeat(10_000));
    expect(refusal(deep)).toMatchObject({ status: 400, issue: { code: 'structure' } });
  });

  it('counts no brackets inside strings', () => {
    const text = JSON.stringify({ a: '['.repeat(100) + '"\\' });
    expect(stringifyExact(read(text))).toBe(text);
  });

  it('takes 64 levels and refuses 65', () => {
    expect(isRefusedBody(parseExactJson(Buffer.from('['.repeat(64) + ']'.repeat(64))))).toBe(false);
    expect(isRefusedBody(parseExactJson(Buffer.from('['.repeat(65) + ']'.repeat(65))))).toBe(true);
  });

  it('refuses a body above the limit and names the limit', () => {
    const result = refusal(Buffer.alloc(5 * 1024 * 1024 + 1, ' '));
    expect(result).toMatchObject({ status: 413, issue: { code: 'too-long' } });
    expect(result.issue.rule).toContain('5 MiB');
  });

  it('does not quote the input when it is not JSON', () => {
    const result = refusal(Buffer.from('{"nin": 15838510075x}'));
    expect(result).toMatchObject({ status: 400, issue: { code: 'structure' } });
    expect(JSON.stringify(result)).not.toContain('15838510075');
  });

  it('refuses what is not UTF-8', () => {
    expect(refusal(Buffer.from([0x22, 0xff, 0x22])).issue.rule).toContain('UTF-8');
  });
});
