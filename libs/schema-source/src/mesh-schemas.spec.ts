import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { checkSchemas } from './check-schemas.ts';
import { formatProblem } from './schema-problem.ts';
import { schemaFilesIn } from './schema-files.ts';
import { readSchemaSource } from './schema-source.ts';

const root = join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(join(root, 'schemas/common', name), 'utf8');

describe('the schemas of the mesh', () => {
  it('keep every rule, and their examples encode and decode', () => {
    const now = readSchemaSource(schemaFilesIn(root));
    expect(now.products.length).toBeGreaterThan(0);
    expect(checkSchemas({ now, before: now }).map(formatProblem)).toEqual([]);
  });

  it('write the envelope in just these bytes', () => {
    const envelope = avsc.Type.forSchema(JSON.parse(read('envelope.avsc')) as avsc.Schema);
    const golden = Buffer.from(read('examples/envelope.hex').replace(/\s/g, ''), 'hex');
    const example: unknown = JSON.parse(read('examples/envelope.json'));
    expect(envelope.toBuffer(example).toString('hex')).toBe(golden.toString('hex'));
    expect(envelope.fromBuffer(golden)).toEqual(example);
  });
});
