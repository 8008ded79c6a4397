import { SamspillError, type ErrorCode } from '@samspill/kernel';
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

// 4xx except time-outs and overload: the same call would be refused again.
const codeOf = (status: number): ErrorCode =>
  status >= 400 && status < 500 && status !== 408 && status !== 429
    ? 'KEY_VAULT_REFUSED'
    : 'KEY_VAULT_UNAVAILABLE';

/** Calls by HTTP. Rejects with KEY_VAULT_REFUSED or KEY_VAULT_UNAVAILABLE (also for an answer of another form). */
export const httpVaultRequest =
  ({ url, clientId, timeoutMs }: VaultAddress): VaultRequest =>
  async (path, body, answer) => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'samspill-client': clientId },
        body: JSON.stringify(body),
        // The body may name patients: it is for the vault alone.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (cause) {
      throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: path, cause });
    }
    if (!response.ok) {
      throw new SamspillError(codeOf(response.status), { place: `${path} (${response.status})` });
    }
    try {
      return answer.parse(JSON.parse(text));
    } catch {
      // No cause: the text of the error could quote what the answer held.
      throw new SamspillError('KEY_VAULT_UNAVAILABLE', {
        place: `${path} (answer not understood)`,
      });
    }
  };
