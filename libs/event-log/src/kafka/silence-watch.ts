import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** How often a socket is looked at. */
const lookEveryMs = 500;
/** A broker that says nothing for so many looks, 4 seconds, is taken for gone. */
const patienceLooks = 8;
/** Requests, by their number in the protocol, that a broker may rightly hold for longer. */
const patienceLooksOf: ReadonlyMap<number, number> = new Map([
  // Produce, OffsetCommit and LeaveGroup wait for followers, up to 5 s: our time-out, and the broker's own.
  [0, 12],
  [8, 12],
  [13, 12],
  // JoinGroup and SyncGroup wait for the other members; kafkajs has a time-out for them.
  [11, Infinity],
  [14, Infinity],
]);
/** A broker that was silent before gets a second, until it has said something again. */
const suspectLooks = 2;

/** The first request on a connection that kafkajs makes to find out whom it talks to. */
const apiVersions = 18;

/** Brokers that were last heard to be silent, as `host:port`; known to all clients of this process. */
const suspects = new Set<string>();

// kafkajs exports it no other way.
const plainSockets = (
  createRequire(import.meta.url)('kafkajs/src/network/socketFactory.js') as () => ISocketFactory
)();

/**
 * Sockets that notice a broker which is connected and silent: a process that hangs, a half-open connection, a network
 * that swallows one direction. kafkajs gives up such a request after its time-out, but asks the same broker again and
 * again, since it takes the answer late for no reason to look for another leader: publishing and reading would stand
 * until its metadata is five minutes old. So silence is made to look like what kafkajs deals with well, a connection
 * that the broker closed: it drops the broker, asks the others who leads now, and goes on there.
 *
 * Looks are counted, not milliseconds: a process that was stopped itself, or whose clock jumped, blames nobody.
 */
export const watchedSockets =
  (onSilence: OnSilence): ISocketFactory =>
  (options) => {
    const socket = plainSockets(options);
    watch(socket, `${options.host}:${options.port}`, onSilence);
    return socket;
  };

/** `apiKey` is the number of the request that was not answered. */
type OnSilence = (silence: { readonly broker: string; readonly apiKey: number }) => void;

function watch(socket: Socket, broker: string, onSilence: OnSilence): void {
  const unanswered: number[] = [];
  const answers = new FrameCounter();
  let looks = 0;

  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  // kafkajs writes one whole request at a time, and a broker answers in the order in which it was asked.
  socket.write = (...args: unknown[]) => {
    const [request] = args;
    if (Buffer.isBuffer(request)) unanswered.push(request.readInt16BE(4));
    return write(...args);
  };

  socket.on('data', (bytes: Buffer) => {
    looks = 0;
    suspects.delete(broker);
    unanswered.splice(0, answers.count(bytes));
  });

  const looking = setInterval(() => {
    const [oldest] = unanswered;
    if (oldest === undefined) return;
    looks += 1;
    const patience = suspects.has(broker)
      ? suspectLooks
      : (patienceLooksOf.get(oldest) ?? patienceLooks);
    if (looks <= patience) return;
    clearInterval(looking);
    suspects.add(broker);
    onSilence({ broker, apiKey: oldest });
    giveUp(socket, oldest);
  }, lookEveryMs);
  socket.on('close', () => clearInterval(looking));
}

/** While kafkajs looks for a first broker it tries another one after an error alone, later after an end. */
function giveUp(socket: Socket, oldest: number): void {
  if (oldest === apiVersions) {
    socket.destroy(new Error('the broker does not answer'));
    return;
  }
  socket.emit('end');
  socket.destroy();
}

/** Counts the answers that have begun and ended in a stream: four bytes of length, then so many more. */
class FrameCounter {
  readonly #length = Buffer.alloc(4);
  #lengthBytes = 0;
  #missing = 0;

  /** How many answers end in these bytes. */
  count(bytes: Buffer): number {
    let ended = 0;
    for (let at = 0; at < bytes.length;) {
      if (this.#lengthBytes < 4) {
        this.#length[this.#lengthBytes] = bytes[at] ?? 0;
        this.#lengthBytes += 1;
        at += 1;
        if (this.#lengthBytes < 4) continue;
        this.#missing = this.#length.readInt32BE(0);
      }
      const taken = Math.min(this.#missing, bytes.length - at);
      this.#missing -= taken;
      at += taken;
      if (this.#missing > 0) break;
      this.#lengthBytes = 0;
      ended += 1;
    }
    return ended;
  }
}
