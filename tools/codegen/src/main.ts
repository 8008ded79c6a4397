// Writes libs/contracts/src/generated from schemas/. With --check it only says whether that would change anything.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchemaSource, schemaFilesIn } from '@samspill/schema-source';
import { generate } from './generate.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'libs/contracts/src/generated');

const wanted = await generate(readSchemaSource(schemaFilesIn(root)));
const present = existsSync(folder) ? readdirSync(folder) : [];
const stale = [...wanted]
  .filter(
    ([name, text]) => !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== text,
  )
  .map(([name]) => name);
const superfluous = present.filter((name) => !wanted.has(name));

if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`stale: libs/contracts/src/generated/${name}`);
  for (const name of superfluous)
    console.error(`superfluous: libs/contracts/src/generated/${name}`);
  if (stale.length + superfluous.length > 0) {
    console.error(
      'Generated code differs from schemas/. To mend: npm run codegen, then commit what it writes.',
    );
    process.exitCode = 1;
  } else {
    console.log(`${wanted.size} generated files are up to date`);
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of stale) writeFileSync(join(folder, name), wanted.get(name) ?? '');
  for (const name of superfluous) rmSync(join(folder, name));
  console.log(`${wanted.size} files, ${stale.length} written, ${superfluous.length} removed`);
}
