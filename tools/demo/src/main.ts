// npm run demo: the whole mesh on this machine, the main job on synthetic data, then up until Ctrl-C (--once: then end).
import { join } from 'node:path';
import { defaultDataDir, startMesh, type MeshStep } from '@samspill/testing';
import pc from 'picocolors';
import { tellStory } from './story.ts';

const once = process.argv.includes('--once');
const say = (line: string): void => console.log(line);

if (process.argv.includes('--help')) {
  say('npm run demo               play the story and stay up until Ctrl-C');
  say('npm run demo -- --once     play the story and end');
  process.exit(0);
}

const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => resolve('interrupted'));
  }
});

const showStep = (step: MeshStep): void => {
  if (step.state === 'ready')
    say(`${pc.green('✓')} ${step.part.padEnd(15)} ${pc.dim(`${step.ms} ms`)}`);
  else if (step.state === 'downloading') say(`  ${step.part}: downloading once`);
  else if (step.state === 'failed') say(`  ${step.part}: ${step.reason}; trying local processes`);
};

const dataDir = defaultDataDir(join(import.meta.dirname, '../../..'));
say(pc.bold('Samspill: a measurement taken at home reaches the emergency ward'));
say(pc.dim('All patients are synthetic. Everything listens on 127.0.0.1 alone.'));
try {
  const start = performance.now();
  const mesh = await startMesh({ dataDir, onProgress: showStep });
  try {
    say(`everything is up after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    const seed = `demo-${Date.now()}`;
    const ended = await Promise.race([tellStory(mesh, seed, say), interrupted]);
    if (!once && ended !== 'interrupted') {
      say(`\n${pc.bold('Addresses')}`);
      for (const [name, url] of Object.entries(mesh.urls)) say(`  ${name.padEnd(15)} ${url}`);
      say(`  ${'kafka'.padEnd(15)} ${mesh.stack.kafkaBrokers.join(',')}`);
      say(`  ${'schema registry'.padEnd(15)} ${mesh.stack.schemaRegistryUrl}`);
      say(`  ${'data and logs'.padEnd(15)} .samspill`);
      say('\nUp until Ctrl-C.');
      await interrupted;
    }
  } finally {
    say('stopping …');
    await mesh.stop();
  }
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
