import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';

/** What is read of a refused body, so that its sender hears why: a connection that is cut tells nothing. */
const drainedBytesMax = 64 * 1024 * 1024;

/** Refuses a body that says it is longer than the service takes, naming the limit, once the sender has sent it. */
export function refuseLargeBodies(server: FastifyInstance, limitBytes: number): void {
  server.addHook('preParsing', async (request, _reply, payload) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced <= limitBytes) return payload;
    if (announced <= drainedBytesMax) await drained(request.raw);
    throw bodyTooLong(limitBytes);
  });
}

const bodyTooLong = (limitBytes: number): HttpRefusal =>
  new HttpRefusal(
    413,
    [
      {
        code: 'too-long',
        place: 'the body',
        rule: `a body has at most ${sizeText(limitBytes)}`,
        mend: 'send it in several smaller parts',
      },
    ],
    { connection: 'close' },
  );

const sizeText = (bytes: number): string =>
  bytes % (1024 * 1024) === 0 ? `${bytes / (1024 * 1024)} MiB` : `${bytes / 1024} KiB`;

/** Resolves at the end of the body or of the connection; the server bounds the time that a request may take. */
const drained = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    request.once('close', resolve).once('end', resolve).resume();
  });
