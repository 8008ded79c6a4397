// Preloaded after tsx: loads the files that a mutant changes with its changes in them.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { editedSource, topFolder } from './edited-source.ts';
import { mutantSetting } from './mutant.ts';
import { mutants } from './mutants.ts';

const name = process.env[mutantSetting];
const mutant = mutants.find((one) => one.name === name);
if (mutant === undefined) throw new Error(`there is no mutant ${name ?? 'without a name'}`);

const editsByUrl = Map.groupBy(
  mutant.edits,
  ({ file }) => pathToFileURL(`${topFolder}/${file}`).href,
);

registerHooks({
  load: (url, context, nextLoad) => {
    const plain = url.replace(/\?.*$/, '');
    const edits = editsByUrl.get(plain);
    if (edits === undefined) return nextLoad(url, context);
    const source = editedSource(readFileSync(fileURLToPath(plain), 'utf8'), edits);
    const javaScript = stripTypeScriptTypes(source, { mode: 'transform' });
    return { format: 'module', source: javaScript, shortCircuit: true };
  },
});
