import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startMeter } from './meter.ts';

const worker = `
  process.on('message', () => {
    const held = Buffer.alloc(96 * 1024 * 1024, 1);
    // By its own count: on a busy machine time passes without it.
    while (process.cpuUsage().user < 400_000) held.fill(2);
    process.send('done');
  });
  process.send('ready');`;

const started = () =>
  spawn(process.execPath, ['-e', worker], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
let child: ReturnType<typeof started>;
afterEach(() => child.kill());

// Elsewhere nothing is measured, and nothing is told.
describe.runIf(process.platform === 'linux')('a meter', () => {
  it.each([{ sharesMemory: false }, { sharesMemory: true }])(
    'tells CPU time and memory of what another process did ($sharesMemory)',
    async (how) => {
      child = started();
      await once(child, 'message');
      const meter = startMeter({ worker: { pid: child.pid ?? 0, ...how } });
      child.send('work');
      await once(child, 'message');
      const measured = new Map(meter.stop().map(({ name, value }) => [name, value]));
      expect(measured.get('CPU of worker')).toBeGreaterThan(0.1);
      expect(measured.get('peak memory of worker')).toBeGreaterThan(96);
    },
  );

  it('leaves out what is not there', () => {
    child = started();
    expect(startMeter({ gone: { pid: 2 ** 30 } }).stop()).toEqual([]);
  });
});
