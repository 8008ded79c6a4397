import { SamspillError } from '@samspill/kernel';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import type { ServiceConfig } from './service-config.ts';

/** The key vault over HTTP, for a service that is its client. Throws CONFIG_INVALID without KEY_VAULT_URL. */
export function keyClientOf({ keyVaultUrl }: ServiceConfig, clientId: string): KeyClient {
  if (keyVaultUrl === undefined) {
    throw new SamspillError('CONFIG_INVALID', { place: 'KEY_VAULT_URL' });
  }
  return httpKeyClient({ url: keyVaultUrl, clientId });
}
