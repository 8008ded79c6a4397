// npm run faults: the mesh under faults for some minutes, then the checks.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogue } from './faults/catalogue.ts';
import type { Fault } from './faults/fault.ts';
import { atOnceUsual } from './run/inject-faults.ts';
import { failureOf, wordsOf } from './run/report.ts';
import { recordResult, resultOf } from './run/result.ts';
import { runFaults } from './run/run-faults.ts';
import { showProgress } from './run/show-progress.ts';

const help = `npm run faults -- [OPTIONS]   the mesh under faults, then: is every promise kept?

  --minutes <number>     how long faults are injected (3)
  --seed <text>          the same faults in the same order as an earlier run; else a new one, which is printed
  --only <fault>[,…]     of these alone
  --at-once <number>     so many hold at the same time at most (2); the more, the denser they come
  --list                 every fault there is
  --keep                 keep data, logs and history also when all is well
  --record               write the numbers of the run to tools/faults/results

Ctrl-C ends the run in good order. Only what the run started is touched.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    only: { type: 'string' },
    'at-once': { type: 'string', default: String(atOnceUsual) },
    list: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function chosen(only: string | undefined): readonly Fault[] {
  if (only === undefined) return catalogue;
  return only.split(',').map((name) => {
    const fault = catalogue.find((one) => one.name === name);
    if (fault === undefined) throw new Error(`no fault is called ${name}: see --list`);
    return fault;
  });
}

async function run(signal: AbortSignal): Promise<number> {
  const { seed, only, keep } = values;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error('--minutes is to be a number above 0');
  const atOnce = Number(values['at-once']);
  if (!(atOnce >= 1)) throw new Error('--at-once is to be a number from 1');
  const faults = chosen(only);
  const again = `npm run faults -- --minutes ${minutes} --seed ${seed}${only === undefined ? '' : ` --only ${only}`}${atOnce === atOnceUsual ? '' : ` --at-once ${atOnce}`}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'samspill-faults-'));
  console.log(`seed ${seed}, ${minutes} min; data and logs in ${dataDir}`);
  const progress = showProgress(minutes * 60_000);
  let isGood = false;
  try {
    const ran = await runFaults({
      dataDir,
      seed,
      lastsMs: minutes * 60_000,
      faults,
      atOnce,
      signal,
      ...progress,
    });
    const result = resultOf(ran, { seed, minutes, atOnce });
    isGood = ran.findings.length === 0;
    console.log(`\n${wordsOf(result)}\n`);
    if (!isGood) console.log(`${failureOf(ran)}\n`);
    if (values.record) console.log(`recorded in ${recordResult(result)}`);
    console.log(isGood ? '✓ every promise was kept' : `✗ run it again: ${again}`);
    return isGood ? 0 : 1;
  } finally {
    progress.end();
    if (isGood && !keep) await rm(dataDir, { recursive: true, force: true });
    else console.log(`data, logs and history are kept in ${dataDir}`);
  }
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
}

if (values.help) console.log(help);
else if (values.list) console.log(catalogue.map(({ name }) => name).join('\n'));
else {
  process.exitCode = await run(interrupted.signal).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return interrupted.signal.aborted ? 130 : 1;
  });
}
