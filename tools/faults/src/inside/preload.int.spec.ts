import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ordersSetting, ordersSignal, writeOrders, type InstanceOrders } from './orders.ts';

const top = join(import.meta.dirname, '../../../..');
const probe = pathToFileURL(join(top, 'libs/read-model/src/probe.ts')).href;
// Tells the time on each line of input, and comes to a point of a batch.
const program = `
const { noProbe } = await import('${probe}');
process.stdin.on('data', (point) => {
  noProbe(String(point).trim());
  // One text: numbers would come in colours where these are asked for.
  console.log([Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date].join(' '));
});
console.log('ready');`;

let folder: string;
let child: ChildProcess;
let lines: Interface;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-preload-'));
  const preload = join(import.meta.dirname, 'preload.ts');
  const args = ['--import', 'tsx', '--import', preload, '--input-type=module', '--eval', program];
  child = spawn(process.execPath, args, {
    cwd: top,
    env: { ...process.env, NODE_OPTIONS: '', [ordersSetting]: join(folder, 'orders') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  lines = createInterface(child.stdout);
  await once(lines, 'line');
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const order = (orders: InstanceOrders): void => {
  writeOrders(join(folder, 'orders'), orders);
  child.kill(ordersSignal);
};
const comeTo = async (point: string): Promise<string> => {
  child.stdin?.write(`${point}\n`);
  const [line] = (await once(lines, 'line')) as [string];
  return line;
};

it('the clock of a service jumps and comes back, and dates that are given stay', async () => {
  const hour = 3_600_000;
  const hoursAhead = async (): Promise<number> => {
    const [now = NaN, date = NaN] = (await comeTo('fetched')).split(' ').map(Number);
    expect(Math.abs(date - now)).toBeLessThan(1_000);
    // Not -0.
    return Math.round((now - Date.now()) / hour) + 0;
  };
  expect(await hoursAhead()).toBe(0);
  order({ clockShiftMs: -3 * hour });
  await expect.poll(hoursAhead).toBe(-3);
  expect((await comeTo('fetched')).split(' ').slice(2)).toEqual(['5', 'true']);
  order({});
  await expect.poll(hoursAhead).toBe(0);
});

it('a service ends by SIGKILL when it comes to the point for the nth time', async () => {
  order({ crashAt: { point: 'written', times: 2 }, clockShiftMs: 1e9 });
  await expect
    .poll(async () => Number((await comeTo('begun')).split(' ')[0]) > Date.now() + 1e8)
    .toBe(true);
  await comeTo('written');
  await comeTo('begun');
  child.stdin?.write('written\n');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});
