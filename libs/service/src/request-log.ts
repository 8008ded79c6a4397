import { randomUUID } from 'node:crypto';
import { findNationalNumbers } from '@samspill/fhir';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { CallerRequest } from './caller.ts';
import { HttpRefusal } from './http-refusal.ts';
import { eventIdHeader } from './nhn-headers.ts';

/**
 * Gives each request its correlation id, refuses a national number in the URL before anything writes the URL down,
 * and logs one line a request: route pattern, never URL, headers or body.
 */
export function watchRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (findNationalNumbers(decoded(request.url)).length > 0) {
      done(nationalIdInUrl());
      return;
    }
    try {
      const eventId = eventIdHeader(request.headers) ?? randomUUID();
      request.id = eventId;
      void reply.header('nhn-event-id', eventId);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
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

const nationalIdInUrl = (): HttpRefusal =>
  new HttpRefusal(400, [
    {
      code: 'security',
      place: 'the URL',
      rule: 'national_id_in_url: a URL holds no national number, since URLs are logged on their way',
      mend: 'send the number in the header nhn-patient-nin or in the form of POST _search',
    },
  ]);

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
