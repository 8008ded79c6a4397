// npm run demo: the whole mesh on this machine, the main job on synthetic data, then up until Ctrl-C (--once: then end).
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir, startMesh, type Mesh, type MeshStep } from '@samspill/testing';
import { colours } from './colours.ts';
import { tellStory } from './story.ts';

const help = `npm run demo [-- OPTIONS]   play the story and stay up until Ctrl-C

  --once                 end after the story
  --data-dir <folder>    where data, secrets and logs are kept (.samspill)
  --free-ports           any free ports instead of the usual ones`;

interface DemoOptions {
  readonly once: boolean;
  readonly dataDir: string;
  readonly freePorts: boolean;
}

const say = (line: string): void => console.log(line);

/** Undefined when help is all that was asked for. */
function demoOptions(): DemoOptions | undefined {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      'data-dir': {
        type: 'string',
        default: defaultDataDir(join(import.meta.dirname, '../../..')),
      },
      'free-ports': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { once, 'data-dir': dataDir, 'free-ports': freePorts } = values;
  // npm runs it from the top of the checkout, wherever it was called.
  return { once, dataDir: resolve(process.env['INIT_CWD'] ?? '', dataDir), freePorts };
}

/** Resolves at the first signal. A second one of its kind ends the process at once, and then the servers. */
const firstSignal = (): Promise<'interrupted'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        say('stopping …');
        resolve('interrupted');
      });
    }
  });

function showStep(step: MeshStep): void {
  const part = step.part.padEnd(15);
  if (step.state === 'ready') say(`${colours.green('✓')} ${part} ${colours.dim(`${step.ms} ms`)}`);
  else if (step.state === 'downloading') say(`  ${part} downloading, this first time`);
  else if (step.state === 'failed') say(`  ${part} ${step.reason}; trying local processes`);
}

function showAddresses({ urls, stack, dataDir }: Mesh): void {
  say(`\n${colours.bold('Addresses')}`);
  const addresses = {
    ...urls,
    kafka: stack.kafkaBrokers.join(','),
    'schema registry': stack.schemaRegistryUrl,
    'data and logs': dataDir,
  };
  for (const [name, address] of Object.entries(addresses)) say(`  ${name.padEnd(15)} ${address}`);
}

async function play({ once, dataDir, freePorts }: DemoOptions): Promise<void> {
  say(colours.bold('Samspill: a measurement taken at home reaches the emergency ward'));
  say(colours.dim('All patients are synthetic. Everything listens on 127.0.0.1 alone.'));
  const interrupted = firstSignal();
  const start = performance.now();
  const mesh = await startMesh({
    dataDir,
    ...(freePorts && { ports: 'free' as const }),
    onProgress: showStep,
  });
  try {
    say(`everything is up after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    const ended = await Promise.race([tellStory(mesh, `demo-${Date.now()}`, say), interrupted]);
    if (once || ended === 'interrupted') return;
    showAddresses(mesh);
    say('\nUp until Ctrl-C.');
    // Nothing that was started keeps this process alive, so a timer does.
    const alive = setInterval(() => undefined, 60_000);
    await interrupted;
    clearInterval(alive);
  } finally {
    await mesh.stop();
  }
}

try {
  const options = demoOptions();
  if (options === undefined) say(help);
  else await play(options);
} catch (error) {
  console.error(colours.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
