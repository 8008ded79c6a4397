import { z } from 'zod';
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
  readonly silence?: string;
}

const refusalForm = z.object({
  problems: z.array(z.object({ place: z.string(), rule: z.string(), mend: z.string() })),
});

const usualTimeoutMs = 20_000;

/** Asks a service. Fails with its own words when it refuses, and as away when it does not answer. */
export async function askService<Answer>(
  url: string,
  question: ServiceQuestion<Answer>,
): Promise<Answer> {
  const response = await send(url, question);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return question.form.parse(body);
  throw refusalOf(url, response.status, body);
}

/** A refusal in the service's own words, as the end of a command. */
function refusalOf(url: string, status: number, body: unknown): CommandFailure {
  const refusal = refusalForm.safeParse(body);
  const lines = refusal.success
    ? refusal.data.problems.map(
        ({ place, rule, mend }) => `${place}: does not hold: ${rule}. To mend: ${mend}.`,
      )
    : [`${url}: answered ${status}. To mend: see the log of the service.`];
  const exitCode = status >= 500 ? exitCodes.away : exitCodes.refused;
  return new CommandFailure(exitCode, lines.join('\n'));
}

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
    const open = silence ?? 'the service does not answer. To mend: see samspill status';
    throw new CommandFailure(exitCodes.away, `${url}: ${open}.`, cause);
  }
}
