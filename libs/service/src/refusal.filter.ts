import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { refusalAnswer, type RefusalStyle } from './refusal-answer.ts';
import { toldError } from './told-error.ts';

/** Answers every error of a request, and logs those that are the service's own. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    private readonly styleOf: (request: FastifyRequest) => RefusalStyle,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, headers, body } = refusalAnswer(error, this.styleOf(request));
    if (status >= 500) {
      const { id: correlationId } = request;
      this.logger.error({ status, correlationId, error: toldError(error) }, 'request failed');
    }
    void http.getResponse<FastifyReply>().status(status).headers(headers).send(body);
  }
}
