import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';

const top = resolve(import.meta.dirname, '../../..');
const program = 'tools/workspace/src/answering.program.ts';

let runner: ChildProcessByStdio<null, Readable, null> | undefined;
afterEach(() => runner?.kill('SIGKILL'));

const run = (...args: string[]): { child: NonNullable<typeof runner>; lines: Interface } => {
  const child = spawn(process.execPath, [join(top, 'tools/workspace/run.mjs'), program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  runner = child;
  return { child, lines: createInterface({ input: child.stdout }) };
};

/** Every line from now on, once the program has closed its output. */
const restOf = async (lines: Interface): Promise<string[]> => {
  const rest: string[] = [];
  lines.on('line', (line) => rest.push(line));
  await once(lines, 'close');
  return rest;
};

describe('run.mjs', () => {
  it('runs a TypeScript program on the Node of the workspace and passes its exit code', async () => {
    const { child, lines } = run('3');
    const [hello] = (await once(lines, 'line')) as [string];
    expect(hello).toMatch(/^v24\./);
    expect(await once(child, 'exit')).toEqual([3, null]);
  });

  it('passes on a signal once, however often it comes at that moment, and waits for the end', async () => {
    const { child, lines } = run();
    const ended = once(child, 'exit');
    await once(lines, 'line');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await once(lines, 'line')).toEqual(['SIGINT']);
    child.kill('SIGTERM');
    expect(await restOf(lines)).toEqual(['SIGTERM']);
    expect(await ended).toEqual([7, null]);
  });

  it('has the program end when it is killed by kill -9 itself', async () => {
    const { child, lines } = run();
    await once(lines, 'line');
    child.kill('SIGKILL');
    expect(await restOf(lines)).toEqual(['SIGTERM']);
  });

  it('has the program end when npm is killed by kill -9, also with the shell between that npm starts', async () => {
    // A shell that has something left to do stays as the parent.
    const script = `"${process.execPath}" "${join(top, 'tools/workspace/run.mjs')}" ${program}; exit $?`;
    const npm = `require('node:child_process').spawn('sh', ['-c', process.argv[1]], { stdio: 'inherit' })`;
    const child = spawn(process.execPath, ['-e', npm, script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'demo' },
    });
    runner = child;
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    child.kill('SIGKILL');
    expect(await restOf(lines)).toEqual(['SIGTERM']);
  });
});
