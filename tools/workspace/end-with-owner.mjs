// Loaded before a program that run.mjs starts: when run.mjs is gone without a word (kill -9), its end of the pipe
// closes, and the program ends as if asked to.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const fd = process.env.SAMSPILL_OWNER_FD;
if (isMainThread && fd !== undefined) {
  // Not for the children of the program: they do not have the pipe.
  delete process.env.SAMSPILL_OWNER_FD;
  const owner = new Socket({ fd: Number(fd) });
  owner.on('error', () => undefined);
  owner.once('close', () => process.kill(process.pid, 'SIGTERM'));
  owner.resume();
  owner.unref();
}
