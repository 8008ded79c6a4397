import { pause } from '@samspill/kernel';
import { mayPass, noAnswer, readAnswer, type EntryAnswer } from './intake-answer.ts';

export interface SendOptions {
  /** Base of the service. */
  readonly url: string;
  readonly clientId: string;
  /** nhn-source-system */
  readonly sourceSystem: string;
  /** National id for the header nhn-patient-nin. */
  readonly patient?: string | undefined;
  /** Sends of one payload at most. */
  readonly triesMax: number;
  /** Cuts waiting short; what is on its way is not cut. */
  readonly signal: AbortSignal;
}

/** A body with where it goes. */
export interface Sendable {
  readonly path: '/' | '/Observation';
  readonly body: string | Buffer;
  readonly contentType: string;
}

export interface Sent {
  /** One for each entry, in order; or one alone for the whole payload. */
  readonly answers: readonly EntryAnswer[];
  /** nhn-event-id of the last answer: under it the call stands in the log of the service. */
  readonly requestId: string | undefined;
}

const answerWithinMs = 30_000;
const retryAfterMaxMs = 30_000;

/**
 * Sends a payload until each entry has a clear answer, the tries are used up, or the signal comes. What cannot pass by
 * itself is not sent again. A resend is the same events (design D4), so the first clear answer to an entry is the one that
 * counts.
 */
export async function sendPayload(payload: Sendable, options: SendOptions): Promise<Sent> {
  const best = new Map<number | undefined, EntryAnswer>();
  for (let tries = 1; ; tries += 1) {
    const { answers, requestId, retryAfterMs } = await sendOnce(payload, options);
    for (const answer of answers) {
      const before = best.get(answer.entry);
      if (before === undefined || mayPass(before)) best.set(answer.entry, answer);
    }
    // An answer for all says nothing of entries that were told of by themselves.
    if (best.size > 1) best.delete(undefined);
    const open = [...best.values()].some(mayPass);
    if (!open || tries >= options.triesMax || options.signal.aborted) {
      return { answers: [...best.values()], requestId };
    }
    await pause(retryAfterMs, options.signal);
  }
}

async function sendOnce(
  { path, body, contentType }: Sendable,
  { url, clientId, sourceSystem, patient }: SendOptions,
): Promise<Sent & { readonly retryAfterMs: number }> {
  try {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'samspill-client': clientId,
        'nhn-source-system': sourceSystem,
        ...(patient && { 'nhn-patient-nin': patient }),
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    return {
      answers: readAnswer(response.status, response.headers, answer),
      requestId: response.headers.get('nhn-event-id') ?? undefined,
      retryAfterMs: retryAfterOf(response),
    };
  } catch {
    // Away, or cut off on the way: whether it arrived is unknown, and sending again is safe.
    return { answers: [noAnswer], requestId: undefined, retryAfterMs: 1_000 };
  }
}

function retryAfterOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? '1');
  return Number.isFinite(seconds)
    ? Math.min(retryAfterMaxMs, Math.max(0.1, seconds) * 1000)
    : 1_000;
}
