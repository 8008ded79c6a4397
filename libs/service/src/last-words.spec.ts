import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const patient = '15838510075';

/** Exit code and all output of a process that speaks its last words and then runs this. */
const lastWordsOf = (code: string): Promise<{ exitCode: unknown; output: string }> =>
  new Promise((resolve) => {
    const from = (file: string) => JSON.stringify(join(import.meta.dirname, file));
    const program = `
      import { serviceLogger } from ${from('service-logger.ts')};
      import { speakLastWords } from ${from('last-words.ts')};
      speakLastWords(serviceLogger('sample', 'info'));
      ${code}`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ exitCode: error?.code, output: stdout + stderr });
    });
  });

it.each([
  ['thrown', `setImmediate(() => { throw new RangeError('no ${patient}'); });`],
  ['rejected', `Promise.reject(new RangeError('x', { cause: new Error('${patient}') }));`],
])('an error that nobody caught ends the process and tells no patient: %s', async (_, code) => {
  const { exitCode, output } = await lastWordsOf(code);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/"level":60,.*"error":"RangeError/);
  expect(output).not.toContain(patient);
});
