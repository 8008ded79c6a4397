import { HttpException } from '@nestjs/common';
import { SamspillError } from '@samspill/kernel';
import { HttpRefusal, type Problem } from './http-refusal.ts';

/** How a service words its refusals: OperationOutcome (FHIR R4) or problem details (RFC 9457). */
export type RefusalStyle = 'fhir' | 'problem';

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Any error as an answer that names place, rule and mend, and shows nothing of the inside or of what was sent. */
export function refusalAnswer(error: unknown, style: RefusalStyle): RefusalAnswer {
  const refusal = refusalOf(error);
  return {
    status: refusal.status,
    headers: { ...refusal.headers, 'content-type': mediaType[style] },
    body: JSON.stringify(bodies[style](refusal)),
  };
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
  408: {
    code: 'timeout',
    place: 'the request',
    rule: 'a request arrives within a minute',
    mend: 'send it again',
  },
  413: {
    code: 'too-long',
    place: 'the body',
    rule: 'a body is not longer than this service takes',
    mend: 'send it in several smaller parts',
  },
  415: {
    code: 'not-supported',
    place: 'header content-type',
    rule: 'a body has a media type',
    mend: 'see the service description at GET /metadata',
  },
  431: {
    code: 'too-long',
    place: 'the headers',
    rule: 'the headers of a request have at most 16 KiB together',
    mend: 'send fewer or shorter headers',
  },
};

/** Fastify's own errors (a body too large, a malformed URL) carry the status. */
const statusOfFastify = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
