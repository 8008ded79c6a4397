import { readSchemaSource, schemaFilesIn } from '@samspill/schema-source';
import { staleFile } from '../../schemas/stale-file.ts';
import { ok, problem, type Check } from '../check.ts';

/** Services use the code that is generated from `schemas/`. */
export const generatedCodeCheck = (checkout: string): Check => ({
  name: 'generated code',
  group: 'machine',
  look: () => {
    const stale = staleFile(readSchemaSource(schemaFilesIn(checkout)));
    return [
      stale === undefined
        ? ok('as schemas/ says')
        : problem(`is older than schemas/${stale}`, 'npm run codegen'),
    ];
  },
});
