import { SamspillError } from '@samspill/kernel';

/** Longer than the vault takes to look at what it needs itself. */
const timeoutMs = 2_000;
const path = '/health/ready';

/** Resolves where the vault says that it is ready. Rejects with KEY_VAULT_UNAVAILABLE. */
export async function vaultAnswers(url: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
  } catch (cause) {
    throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: path, cause });
  }
  if (!response.ok) {
    throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: `${path} (${response.status})` });
  }
}
