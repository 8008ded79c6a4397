// Writes libs/contracts/src/generated from schemas/. With --check it only says whether that would change anything.
// --root DIR takes another checkout than this one.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSchemaSource, schemaFilesIn } from '@samspill/schema-source';
import { generate } from './generate.ts';
import { compareFolder, writeFolder } from './generated-folder.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '../../..') },
  },
});
const place = 'libs/contracts/src/generated';
const folder = join(options.root, place);
const wanted = await generate(readSchemaSource(schemaFilesIn(options.root)));

if (options.check) {
  const { stale, superfluous } = compareFolder(folder, wanted);
  for (const name of stale) console.error(`stale: ${place}/${name}`);
  for (const name of superfluous) console.error(`superfluous: ${place}/${name}`);
  if (stale.length + superfluous.length > 0) {
    console.error(
      'Generated code differs from schemas/. To mend: npm run codegen, then commit what it writes.',
    );
    process.exitCode = 1;
  } else {
    console.log(`${wanted.size} generated files are up to date`);
  }
} else {
  const { stale, superfluous } = writeFolder(folder, wanted);
  console.log(`${wanted.size} files, ${stale.length} written, ${superfluous.length} removed`);
}
