import { AsyncLocalStorage } from 'node:async_hooks';
import { loggerBy, type EventLogLogger } from '@samspill/event-log';
import type { FastifyInstance } from 'fastify';

const requests = new AsyncLocalStorage<{ readonly correlationId: string }>();

/** From here on whatever a request sets going knows its id, which stands fast by now. */
export function keepRequestContext(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    requests.run({ correlationId: request.id }, done);
  });
}

/** What a log line says of the request in which it is written; nothing outside of requests. */
export const requestFields = (): { readonly correlationId?: string } => requests.getStore() ?? {};

/**
 * For what works for many requests at once, such as the event log: its lines name none, whichever of them woke it up.
 * Make it outside of requests.
 */
export function outsideRequests(logger: EventLogLogger): EventLogLogger {
  const outside = AsyncLocalStorage.snapshot();
  return loggerBy((level, fields, message) => outside(() => logger[level](fields, message)));
}
