import { join } from 'node:path';
import { keyVault } from '@samspill/contracts';
import {
  onceThere,
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
import { ORDERS, OrdersController, type Orders } from './orders.controller.ts';
import { outboxEvents } from './outbox-event.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { followOwnTopic } from './own-topic.ts';
import { pseudonymStore } from './pseudonyms.ts';
import { grantReceipt, shredReceipt } from './receipts.ts';
import { itemsMax } from './request-body.ts';
import { hasSecrets, indexKeyOf, pseudonymSecret, secretStore } from './secrets.ts';
import { shred } from './shredding.ts';
import { observeStandingFacts } from './standing-facts.ts';
import { telemetry } from './telemetry.ts';
import { closeGrant, openGrant } from './withholding-order.ts';

/** How long an order waits for the log before it is answered without a position. */
const logWaitMs = 5_000;

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
  const events = outboxEvents(wire, indexKey, settings.SAMSPILL_VAULT_ORGNR);
  const parts = { pool, eventLog, wire, events };
  const following = await onceThere(logger, () => followOwnTopic(parts));

  const counts = telemetry(metrics);
  observeStandingFacts(metrics, pool);
  const publisher = eventLog.publisher();
  const relay = startOutboxRelay({
    pool,
    publisher,
    eventOf: events.eventOf,
    logger,
    onPublished: counts.factsPublished,
  });
  const pseudonyms = pseudonymStore(pool, secrets);
  const vault: Vault = {
    secrets,
    pseudonyms,
    sealing: sealingKeyStore(pool, wrapper),
    opening: openingKeyStore(pool, wrapper, mayDeliver),
    lookups: lookupLimit(settings.SAMSPILL_LOOKUPS_PER_MINUTE),
    telemetry: counts,
  };
  const orders: Orders = {
    pseudonyms,
    shred: async (product, patients, cause) => {
      counts.keysShredded(product, await shred(pool, { product, patients, cause }));
      return shredReceipt(pool, product, patients, logWaitMs);
    },
    closeGrant: async (order) => {
      counts.grantsOrdered(order, 'close', await closeGrant(pool, order));
      return grantReceipt(pool, 'GrantClosed', order, logWaitMs);
    },
    openGrant: async (order) => {
      counts.grantsOrdered(order, 'open', await openGrant(pool, mayDeliver, order));
      return grantReceipt(pool, 'GrantOpened', order, logWaitMs);
    },
  };
  return {
    controllers: [KeyVaultController, OrdersController],
    providers: [
      { provide: VAULT, useValue: vault },
      { provide: ORDERS, useValue: orders },
    ],
    materialisers: [{ name: 'own topic', start: () => Promise.resolve(following) }],
    close: async () => {
      // Together: with the log away each waits for its deadline, and the relay waits for the publisher's anyway.
      await Promise.all([relay.close(), publisher.close()]);
    },
  };
}
