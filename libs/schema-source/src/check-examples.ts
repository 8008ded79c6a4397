import { isDeepStrictEqual } from 'node:util';
import avsc from 'avsc';
import { z } from 'zod';
import type { SchemaProblem } from './schema-problem.ts';
import type { SourceEvent, SourceRecord } from './schema-source.ts';

const exampleFile = z.strictObject({
  clear: z.record(z.string(), z.unknown()),
  content: z.record(z.string(), z.unknown()).optional(),
});

/** Each event has an example, and its codec gives back just what the example says. */
export function checkExample(event: SourceEvent): SchemaProblem[] {
  const { file, text } = event.example;
  const problem = (rule: string, mend: string, field?: string): SchemaProblem => ({
    place: file,
    field,
    rule,
    mend,
  });
  if (text === undefined) {
    return [problem('an event has an example', 'write { "clear": { … }, "content": { … } }')];
  }
  const parsed = exampleFile.safeParse(parseJson(text));
  if (!parsed.success) {
    return [problem('an example is { "clear": { … }, "content": { … } }', 'write it in this form')];
  }
  const { clear, content } = parsed.data;
  if ((content === undefined) !== (event.seals === undefined)) {
    return [
      problem(
        'an example has content where its event seals, and only there',
        'add or drop content',
      ),
    ];
  }
  const sealed = event.seals ? { sealed: sampleSealed(event.seals) } : {};
  return [
    ...faultsOf(event, { ...clear, ...sealed }, 'clear'),
    ...(event.seals ? faultsOf(event.seals, content, 'content') : []),
  ].map((field) =>
    problem(
      'an example encodes and decodes to itself, with every field written out',
      'give the field the type that its schema says',
      field,
    ),
  );
}

/** An example shows a sealed part before it is sealed, so any bytes stand for the ciphertext. */
const sampleSealed = ({ schema }: SourceRecord): unknown => ({
  alg: 'A256GCM',
  keyVersion: 1,
  innerFingerprint: typeOf(schema).fingerprint('sha256'),
  iv: Buffer.alloc(12),
  bytes: Buffer.alloc(16),
});

function faultsOf({ schema }: SourceRecord, value: unknown, part: string): string[] {
  const type = typeOf(schema);
  const faults: string[] = [];
  type.isValid(value, { errorHook: (path) => void faults.push([part, ...path].join('.')) });
  if (faults.length > 0) return faults;
  // Through JSON, since avsc makes records of a class of their own.
  const plain = (record: unknown): unknown => JSON.parse(JSON.stringify(record)) as unknown;
  const read: unknown = type.fromBuffer(type.toBuffer(value));
  return isDeepStrictEqual(plain(read), plain(value)) ? [] : [part];
}

const typeOf = (schema: SourceRecord['schema']): avsc.Type =>
  avsc.Type.forSchema(schema as avsc.Schema);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
