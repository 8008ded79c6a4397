import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { refusalAnswer, type RefusalStyle } from './refusal-answer.ts';

/** For a request to arrive whole; Fastify sets no bound. */
const requestTimeoutMs = 60_000;

/**
 * The HTTP server. What it refuses before Nest sees a request is answered as everything else: of itself Fastify repeats
 * a URL that it cannot route.
 */
export const httpAdapter = ({
  bodyLimitBytes,
  refusals,
}: {
  readonly bodyLimitBytes: number;
  readonly refusals: RefusalStyle;
}): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const { status, headers, body } = refusalAnswer(error, refusals);
      void reply.status(status).headers(headers).send(body);
    },
    clientErrorHandler: (error, socket) => refuseOnSocket(error, socket, refusals),
  });

/** Malformed HTTP has no request that could be answered; the connection ends with the answer. */
function refuseOnSocket({ code }: { code: string }, socket: Socket, style: RefusalStyle): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refused = new HttpException('', statusOfParser[code] ?? 400);
  const { status, headers, body } = refusalAnswer(refused, style);
  const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

const statusOfParser: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
