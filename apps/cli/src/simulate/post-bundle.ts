import { pause } from '@samspill/kernel';
import type { BatchAnswer, HomeBundle } from '@samspill/testing';
import { isUnclear } from './tally.ts';

export interface PostOptions {
  /** Base of the service. */
  readonly url: string;
  readonly clientId: string;
  /** Sends of one bundle at most. */
  readonly triesMax: number;
  /** Cuts waiting short; what is on its way is not cut. */
  readonly signal: AbortSignal;
}

interface Answer {
  /** By entry; the same status for all when the bundle was refused as a whole. */
  readonly statuses: readonly string[];
  readonly retryAfterMs: number;
}

const answerWithinMs = 30_000;
const retryAfterMaxMs = 30_000;

/**
 * Posts a bundle until each entry has a clear answer, the tries are used up, or the signal comes; answers with the
 * status of each entry, undefined where none came. A resend is the same events (design D4), so the first clear answer
 * to an entry is the one that counts.
 */
export async function postBundle(
  bundle: HomeBundle,
  options: PostOptions,
): Promise<(string | undefined)[]> {
  const clear = new Array<string | undefined>(bundle.measurements).fill(undefined);
  for (let tries = 1; ; tries += 1) {
    const { statuses, retryAfterMs } = await send(bundle, options);
    statuses.forEach((status, at) => {
      if (!isUnclear(status)) clear[at] ??= status;
    });
    const done = clear.every((status) => status !== undefined);
    if (done || tries >= options.triesMax || options.signal.aborted) return clear;
    await pause(retryAfterMs, options.signal);
  }
}

async function send({ body, measurements }: HomeBundle, options: PostOptions): Promise<Answer> {
  try {
    const response = await fetch(`${options.url}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/fhir+json',
        'samspill-client': options.clientId,
        'nhn-source-system': 'samspill simulate',
      },
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const answer = (await response.json()) as BatchAnswer;
    const whole = String(response.status);
    const entries = answer.entry;
    const statuses = Array.from({ length: measurements }, (_, at) =>
      response.ok ? (entries?.[at]?.response.status ?? '500') : whole,
    );
    return { statuses, retryAfterMs: retryAfterOf(response) };
  } catch {
    // Away, or cut off on the way: whether it arrived is unknown, and sending again is safe.
    return { statuses: [], retryAfterMs: 1_000 };
  }
}

function retryAfterOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '1');
  return Number.isFinite(seconds)
    ? Math.min(retryAfterMaxMs, Math.max(0.1, seconds) * 1000)
    : 1_000;
}
