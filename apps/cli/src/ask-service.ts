import { z } from 'zod';
import { errorCatalogue } from '@samspill/kernel';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

/** What is asked of a service: a GET without a body, else a POST. */
export interface ServiceQuestion<Answer> {
  readonly path: string;
  readonly body?: unknown;
  readonly form: z.ZodType<Answer>;
  /** Client of the register that asks. */
  readonly client: string;
  readonly timeoutMs?: number;
  /** Ends the waiting early, as if there were no answer. */
  readonly signal?: AbortSignal;
  /** Said when there is no answer: what that leaves open, and what to do. */
  readonly silence?: { readonly rule: string; readonly mend: string };
}

const refusalForm = z.object({
  problems: z.array(
    z.object({ code: z.string(), place: z.string(), rule: z.string(), mend: z.string() }),
  ),
});

const usualTimeoutMs = 20_000;

/** Asks a service. Fails with its own words when it refuses, and as away when it does not answer. */
export async function askService<Answer>(
  url: string,
  question: ServiceQuestion<Answer>,
): Promise<Answer> {
  const response = await send(url, question);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusalOf(url, response.status, body);
  const answer = question.form.safeParse(body);
  if (answer.success) return answer.data;
  throw new CommandFailure(
    exitCodes.refused,
    {
      place: `${url}${question.path}`,
      rule: 'service and command line are of one release',
      mend: 'take the samspill of the release that the service runs',
    },
    answer.error,
  );
}

/** A refusal in the service's own words, as the end of a command. */
function refusalOf(url: string, status: number, body: unknown): CommandFailure {
  const refusal = refusalForm.safeParse(body);
  const exitCode = status >= 500 ? exitCodes.away : exitCodes.refused;
  if (refusal.success) return new CommandFailure(exitCode, refusal.data.problems.map(withOwnCode));
  return new CommandFailure(exitCode, {
    place: `${url}, which answered ${status}`,
    rule: 'a service says why it refuses',
    mend: 'see whether the address is that of a service, then its log',
  });
}

/** What may pass by itself is told as `transient`, at the code of the catalogue. */
const withOwnCode = (problem: z.infer<typeof refusalForm>['problems'][number]) =>
  problem.place in errorCatalogue ? { ...problem, code: problem.place } : problem;

async function send<Answer>(
  url: string,
  { path, body, client, timeoutMs = usualTimeoutMs, signal, silence }: ServiceQuestion<Answer>,
): Promise<Response> {
  const asked = { 'samspill-client': client };
  try {
    return await fetch(`${url}${path}`, {
      ...(body === undefined
        ? { headers: asked }
        : {
            method: 'POST',
            headers: { ...asked, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
    });
  } catch (cause) {
    const { rule, mend } = silence ?? {
      rule: 'the service answers',
      mend: 'see samspill status, which says what runs',
    };
    throw new CommandFailure(exitCodes.away, { place: url, rule, mend }, cause);
  }
}
