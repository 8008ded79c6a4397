import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { CallerRequest } from './caller.ts';
import { holdsEncodedNationalNumber } from './encoded-national-number.ts';
import { HttpRefusal } from './http-refusal.ts';
import { eventIdHeader } from './nhn-headers.ts';
import { keepRequestContext } from './request-context.ts';

/**
 * Gives each request its correlation id, which all lines of its work have, refuses a national number in the URL before
 * anything writes the URL down, and logs one line a request: route pattern, never URL, headers or body.
 */
export function watchRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onRequest', (request, reply, done) => {
    identify(request, reply, randomUUID());
    let refusal: Error | undefined;
    try {
      const eventId = eventIdHeader(request.headers);
      if (eventId !== undefined) identify(request, reply, eventId);
      if (holdsEncodedNationalNumber(request.url)) refusal = nationalIdInUrl();
    } catch (error) {
      refusal = error as Error;
    }
    done(refusal);
  });
  keepRequestContext(server);
  server.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        clientId: (request as CallerRequest).caller?.clientId,
        correlationId: request.id,
      },
      'request',
    );
    done();
  });
}

/** Under this id a request is logged and answered; one that is refused for its trace id has one of ours. */
const identify = (request: FastifyRequest, reply: FastifyReply, eventId: string): void => {
  request.id = eventId;
  void reply.header('nhn-event-id', eventId);
};

const nationalIdInUrl = (): HttpRefusal =>
  new HttpRefusal(400, [
    {
      code: 'security',
      place: 'the URL',
      rule: 'national_id_in_url: a URL holds no national number, since URLs are logged on their way',
      mend: 'send the number in the header nhn-patient-nin or in the form of POST _search',
    },
  ]);
