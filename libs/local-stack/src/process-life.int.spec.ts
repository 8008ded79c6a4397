import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning, noteProcess, shutDown, signal, type ServerProcess } from './process-life.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const start = async (script: string): Promise<ServerProcess> => {
  const child = spawn(process.execPath, [
    '-e',
    `${script}; console.log('up'); setInterval(() => 0, 1e6)`,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  const noted = noteProcess('child', child.pid ?? 0, 'SIGTERM');
  if (noted === undefined) throw new Error('the child has ended already');
  return noted;
};

describe('a noted process', () => {
  it('is told from a later one with its pid, which gets no signal', async () => {
    const child = await start('');
    const earlier = { ...child, startTime: '1' };
    expect(isRunning(earlier)).toBe(false);
    signal(earlier, 'SIGKILL');
    await shutDown([earlier]);
    expect(isRunning(child)).toBe(true);
  });

  it('ends when it is asked to', async () => {
    const child = await start('');
    await shutDown([child]);
    expect(isRunning(child)).toBe(false);
  });

  it('ends when it was stopped, which holds back every other signal', async () => {
    const child = await start('');
    signal(child, 'SIGSTOP');
    await shutDown([child]);
    expect(isRunning(child)).toBe(false);
  });

  it('ends by force when it does not listen', async () => {
    const child = await start(`process.on('SIGTERM', () => 0); process.on('SIGQUIT', () => 0)`);
    await shutDown([child], 100);
    expect(isRunning(child)).toBe(false);
  });
});
