// A program for the tests of run.mjs: says what it is and what it is told; ends by itself only when given an exit code.
const [exitCode] = process.argv.slice(2);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    say(signal);
    // A signal that comes twice would come now.
    if (signal === 'SIGTERM') setTimeout(() => process.exit(7), 300);
  });
}
say(`${process.version} ${process.pid}`);
if (exitCode === undefined) setInterval(() => undefined, 60_000);
else process.exitCode = Number(exitCode);
