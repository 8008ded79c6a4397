// Outlives its owner and ends the owner's servers, whatever way the owner ended: its end of the pipe closes even by
// kill -9. Run as a program of its own by Node as it is, so only types that can be stripped and no path aliases.
import { createInterface } from 'node:readline';
import { shutDown, type ServerProcess } from './process-life.ts';

/** One line on the pipe. */
export type ReaperOrder =
  | { readonly watch: ServerProcess }
  /** The servers are to live on without an owner. */
  | { readonly release: true };

let watched: ServerProcess[] = [];
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line) as ReaperOrder;
  if ('watch' in order) watched.push(order.watch);
  else watched = [];
});
lines.on('close', () => {
  void shutDown(watched);
});
