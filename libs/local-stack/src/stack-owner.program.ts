// A program that starts a stack, for the tests of how programs end. Says in one line of JSON each what part is ready
// and at last the stack; then waits to be ended, or with `--detached` ends at once and leaves the stack.
import { startLocalStack } from './start-local-stack.ts';

const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const [dataDir = '', detached] = process.argv.slice(2);
const stack = await startLocalStack({
  dataDir,
  ports: 'free',
  ignoreEnvironment: true,
  detached: detached === '--detached',
  onProgress: (step) => {
    if (step.state === 'ready') say({ ready: step.part });
  },
});
say({ stack });
if (detached === undefined) setInterval(() => undefined, 60_000);
