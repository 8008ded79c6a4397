import { join } from 'node:path';
import { keyVault } from '@samspill/contracts';
import {
  readSettings,
  type ServiceDefinition,
  type ServiceGround,
  type ServiceParts,
} from '@samspill/service';
import { z } from 'zod';
import { sealingKeyStore } from './data-keys.ts';
import { mayDeliver } from './delivery-policy.ts';
import { readKeyEncryptionKey } from './key-encryption-key-file.ts';
import { KeyVaultController, VAULT, type Vault } from './key-vault.controller.ts';
import { aesKeyWrapper } from './key-wrapper.ts';
import { lookupLimit } from './lookup-limit.ts';
import { openingKeyStore } from './opening-keys.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { eventMaker } from './outbox.ts';
import { pseudonymStore } from './pseudonyms.ts';
import { readBack } from './read-back.ts';
import { itemsMax } from './request-body.ts';
import { hasSecrets, indexKeyOf, pseudonymSecret, secretStore } from './secrets.ts';
import { shred, shredReceipt } from './shredding.ts';
import { telemetry } from './telemetry.ts';

/** How long a shred waits for the log before it answers without a position. */
const shredWaitMs = 5_000;

const setting = z.object({
  SAMSPILL_KEK_FILE: z
    .string()
    .default(join(import.meta.dirname, '../../../.samspill/secrets/kek')),
  /** Organisation number of the vault's main unit: source of its events. */
  SAMSPILL_VAULT_ORGNR: z
    .string()
    .regex(/^\d{9}$/)
    .default('310000019'),
  /** Numbers that a client may look up in a minute; a full batch fits always. */
  SAMSPILL_LOOKUPS_PER_MINUTE: z.coerce.number().int().min(itemsMax).default(itemsMax),
});

/** The key vault as a service. */
export const keyVaultDefinition = (env: NodeJS.ProcessEnv): ServiceDefinition => ({
  name: keyVault.domain,
  port: 7410,
  refusals: 'problem',
  migrations: [join(import.meta.dirname, '../migrations')],
  bodyLimitBytes: 512 * 1024,
  open: (ground) => openKeyVault(ground, readSettings(setting, env)),
});

async function openKeyVault(
  { pool, wire, eventLog, logger, metrics }: ServiceGround,
  settings: z.infer<typeof setting>,
): Promise<ServiceParts> {
  const isFirstStart = !(await hasSecrets(pool));
  const kek = await readKeyEncryptionKey(settings.SAMSPILL_KEK_FILE, isFirstStart);
  const wrapper = aesKeyWrapper(kek);
  const secrets = secretStore(pool, wrapper);
  // Asked for now, so that a key-encryption key of another database ends the start and not the first call.
  await secrets.secret(pseudonymSecret);
  const indexKey = await secrets.secret(indexKeyOf(keyVault.name));
  await readBack({ pool, eventLog, wire });

  const counts = telemetry(metrics);
  const publisher = eventLog.publisher();
  const relay = startOutboxRelay({
    pool,
    publisher,
    eventOf: eventMaker(wire, indexKey, settings.SAMSPILL_VAULT_ORGNR),
    logger,
    onPublished: counts.factsPublished,
  });
  const vault: Vault = {
    secrets,
    pseudonyms: pseudonymStore(pool, secrets),
    sealing: sealingKeyStore(pool, wrapper),
    opening: openingKeyStore(pool, wrapper, mayDeliver),
    lookups: lookupLimit(settings.SAMSPILL_LOOKUPS_PER_MINUTE),
    telemetry: counts,
    shred: async (product, patients, cause) => {
      const count = await shred(pool, { product, patients, cause });
      counts.keysShredded(product, count);
      return shredReceipt(pool, product, patients, shredWaitMs);
    },
  };
  return {
    controllers: [KeyVaultController],
    providers: [{ provide: VAULT, useValue: vault }],
    close: async () => {
      // Together: with the log away each waits for its deadline, and the relay waits for the publisher's anyway.
      await Promise.all([relay.close(), publisher.close()]);
    },
  };
}
