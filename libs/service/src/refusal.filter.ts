import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { SamspillError } from '@samspill/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { HttpRefusal, type Problem } from './http-refusal.ts';

/** How a service words its refusals: OperationOutcome (FHIR R4) or problem details (RFC 9457). */
export type RefusalStyle = 'fhir' | 'problem';

/** Turns every error into an answer that names place, rule and mend, and shows nothing of the inside. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    private readonly style: RefusalStyle,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalOf(error);
    if (refusal.status >= 500) {
      const { id } = http.getRequest<FastifyRequest>();
      // The message of an unknown error may quote what was sent, so only its class and place are logged.
      const known = error instanceof SamspillError ? error.message : describe(error);
      this.logger.error(
        { status: refusal.status, correlationId: id, error: known },
        'request failed',
      );
    }
    void reply
      .status(refusal.status)
      .headers(refusal.headers)
      .header('content-type', mediaType[this.style])
      .send(JSON.stringify(bodies[this.style](refusal)));
  }
}

const mediaType = { fhir: 'application/fhir+json', problem: 'application/problem+json' } as const;

const bodies = {
  fhir: ({ problems }: HttpRefusal) => ({
    resourceType: 'OperationOutcome',
    issue: problems.map(({ code, place, rule, mend }) => ({
      severity: 'error',
      code,
      details: { text: rule },
      diagnostics: mend,
      expression: [place],
    })),
  }),
  problem: ({ status, problems }: HttpRefusal) => ({
    type: 'about:blank',
    title: problems[0]?.rule ?? 'refused',
    status,
    problems,
  }),
};

function refusalOf(error: unknown): HttpRefusal {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof SamspillError) return refusalOfSamspillError(error);
  const status = error instanceof HttpException ? error.getStatus() : statusOfFastify(error);
  const problem = status < 500 ? clientProblems[status] : undefined;
  return new HttpRefusal(problem === undefined ? (status < 500 ? status : 500) : status, [
    problem ?? (status < 500 ? clientProblem : ourFault),
  ]);
}

function refusalOfSamspillError(error: SamspillError): HttpRefusal {
  if (!error.retriable) return new HttpRefusal(500, [ourFault]);
  const { code, rule, mend } = error;
  const problem = { code: 'transient', place: code, rule, mend };
  return new HttpRefusal(503, [problem], { 'retry-after': '2' });
}

const ourFault: Problem = {
  code: 'exception',
  place: 'the service',
  rule: 'the service works',
  mend: 'report the time and the nhn-event-id of this answer to those who run the service',
};
const clientProblem: Problem = {
  code: 'processing',
  place: 'the request',
  rule: 'the request is well-formed HTTP',
  mend: 'see the service description at GET /metadata',
};
const clientProblems: Partial<Record<number, Problem>> = {
  404: {
    code: 'not-found',
    place: 'the path',
    rule: 'the path is one that this service offers',
    mend: 'see the service description at GET /metadata',
  },
  413: {
    code: 'too-long',
    place: 'the body',
    rule: 'a body is not longer than this service takes',
    mend: 'send it in several smaller parts',
  },
};

/** Fastify's own errors (a body too large, a malformed URL) carry the status. */
const statusOfFastify = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;

/** Class and first frame of an unknown error. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name} ${frame?.trim() ?? ''}`;
}
