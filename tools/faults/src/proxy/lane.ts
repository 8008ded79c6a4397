import { once } from 'node:events';
import type { Socket } from 'node:net';
import { pause } from '@samspill/kernel';
import type { Direction, NetworkFault } from './network-fault.ts';

/** The fault that holds now, and the end of waiting for another one. */
export interface Weather {
  readonly fault: NetworkFault | undefined;
  /** Aborts when the fault changes. */
  readonly change: AbortSignal;
}

/** Pieces of a slow line: small, so that a change of the fault takes hold soon. */
const pieceMs = 50;

/**
 * Carries one direction of a connection to its end, through whatever the weather is. Nothing is lost or reordered inside a
 * connection, as TCP has it: what cannot pass waits, and the sender is held back.
 */
export async function carry(
  direction: Direction,
  from: Socket,
  to: Socket,
  weather: () => Weather,
): Promise<void> {
  let saidSince: { fault: NetworkFault; bytes: number } | undefined;
  for await (const chunk of from as AsyncIterable<Buffer>) {
    let rest = chunk;
    while (rest.length > 0) {
      const { fault, change } = weather();
      if (isHeld(fault, direction)) {
        await over(change);
        continue;
      }
      let piece = rest;
      if (fault?.kind === 'bandwidth') {
        piece = rest.subarray(0, Math.max(1, Math.ceil((fault.bytesPerSecond * pieceMs) / 1_000)));
        await pause((piece.length / fault.bytesPerSecond) * 1_000, change);
      }
      // A healed line delivers at once what it held.
      if (fault?.kind === 'latency') await pause(fault.ms, change);
      if (fault?.kind === 'drop-responses' && direction === 'to-client') {
        if (saidSince?.fault !== fault) saidSince = { fault, bytes: 0 };
        piece = rest.subarray(0, fault.afterBytes - saidSince.bytes);
        saidSince.bytes += piece.length;
        if (piece.length < rest.length) {
          if (piece.length > 0) to.write(piece);
          throw new Error('the rest of what the server said is dropped');
        }
      }
      rest = rest.subarray(piece.length);
      if (to.destroyed) return;
      if (!to.write(piece)) await drained(to);
    }
  }
  to.end();
}

const isHeld = (fault: NetworkFault | undefined, direction: Direction): boolean =>
  fault?.kind === 'half-open' || (fault?.kind === 'cut' && fault.direction === direction);

export async function over(change: AbortSignal): Promise<void> {
  if (!change.aborted) await once(change, 'abort');
}

async function drained(to: Socket): Promise<void> {
  const closed = new AbortController();
  const stop = (): void => closed.abort();
  to.once('close', stop);
  try {
    await once(to, 'drain', { signal: closed.signal });
  } finally {
    to.off('close', stop);
  }
}
