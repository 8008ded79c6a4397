import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { inChildSpan, SamspillError, type ErrorCode } from '@samspill/kernel';
import type { z } from 'zod';

/** One call of the key vault: what stands in the body never stands in the address. */
export type VaultRequest = <Answer>(
  path: string,
  body: unknown,
  answer: z.ZodType<Answer>,
) => Promise<Answer>;

export interface VaultAddress {
  readonly url: string;
  /** Sent as `Samspill-Client`. */
  readonly clientId: string;
  /** Time for a whole answer. */
  readonly timeoutMs: number;
}

const tracer = trace.getTracer('samspill.privacy');

// 4xx except time-outs and overload: the same call would be refused again.
const codeOf = (status: number): ErrorCode =>
  status >= 400 && status < 500 && status !== 408 && status !== 429
    ? 'KEY_VAULT_REFUSED'
    : 'KEY_VAULT_UNAVAILABLE';

/**
 * Calls by HTTP. Rejects with KEY_VAULT_REFUSED or KEY_VAULT_UNAVAILABLE (also for an answer of another form). The vault
 * learns of the trace that the call belongs to; callers who share a call share that of the first.
 */
export const httpVaultRequest =
  (address: VaultAddress): VaultRequest =>
  (path, body, answer) => {
    const { hostname, port } = new URL(address.url);
    const options = {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'POST',
        'url.template': path,
        'server.address': hostname,
        'server.port': Number(port),
      },
    };
    return inChildSpan(tracer, `POST ${path}`, options, async (span) => {
      const { status, text } = await post(address, path, body);
      span?.setAttribute('http.response.status_code', status);
      if (status >= 300) {
        throw new SamspillError(codeOf(status), { place: `${path} (${status})` });
      }
      try {
        return answer.parse(JSON.parse(text));
      } catch {
        // No cause: the text of the error could quote what the answer held.
        throw new SamspillError('KEY_VAULT_UNAVAILABLE', {
          place: `${path} (answer not understood)`,
        });
      }
    });
  };

async function post(
  { url, clientId, timeoutMs }: VaultAddress,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', 'samspill-client': clientId };
  propagation.inject(context.active(), headers);
  try {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      // The body may name patients: it is for the vault alone.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: path, cause });
  }
}
