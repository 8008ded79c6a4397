import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { CallerOf, HttpRefusal, RequireScope, type Caller } from '@samspill/service';
import type { SealingKeys } from './data-keys.ts';
import type { LookupLimit } from './lookup-limit.ts';
import type { OpeningKeys } from './opening-keys.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { bodies, readBody } from './request-body.ts';
import { requireCreation, requireOwner, requireSubscription, scopes } from './rights.ts';
import { indexKeyOf, type Secrets } from './secrets.ts';
import type { Telemetry } from './telemetry.ts';

export const VAULT = Symbol('VAULT');

/** What stands behind the routes. */
export interface Vault {
  readonly secrets: Secrets;
  readonly pseudonyms: Pseudonyms;
  readonly sealing: SealingKeys;
  readonly opening: OpeningKeys;
  readonly lookups: LookupLimit;
  readonly telemetry: Telemetry;
}

const base64 = (key: Buffer): string => key.toString('base64');

/** Checks form and rights of a call and hands it on. Everything stands in bodies, nothing in addresses. */
@Controller()
export class KeyVaultController {
  constructor(@Inject(VAULT) private readonly vault: Vault) {}

  @Post('pseudonyms')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.find)
  async pseudonyms(@CallerOf() caller: Caller, @Body() body: unknown) {
    const { identifiers, mode } = readBody(bodies.pseudonyms, body);
    if (mode === 'create') {
      requireCreation(caller);
      return { pseudonyms: await this.vault.pseudonyms.create(identifiers) };
    }
    const refused = this.vault.lookups.take(caller.clientId, identifiers.length);
    if (refused !== undefined) throw tooManyLookups(refused.waitSeconds);
    const found = await this.vault.pseudonyms.find(identifiers);
    return { pseudonyms: found.map((set) => set ?? null) };
  }

  @Post('index-key')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.release)
  async indexKey(@CallerOf() caller: Caller, @Body() body: unknown) {
    const { product } = readBody(bodies.indexKey, body);
    requireOwner(caller, product);
    return { key: base64(await this.vault.secrets.secret(indexKeyOf(product))) };
  }

  @Post('sealing-keys')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.release)
  async sealingKeys(@CallerOf() caller: Caller, @Body() body: unknown) {
    const { product, patients } = readBody(bodies.sealingKeys, body);
    requireOwner(caller, product);
    const keys = await this.vault.sealing.sealingKeys(product, patients);
    return { keys: keys.map(({ version, key }) => ({ version, key: base64(key) })) };
  }

  @Post('opening-keys')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.release)
  async openingKeys(@CallerOf() caller: Caller, @Body() body: unknown) {
    const { product, keys } = readBody(bodies.openingKeys, body);
    const subscription = requireSubscription(caller, product);
    const outcomes = await this.vault.opening.openingKeys(subscription, product, keys);
    this.vault.telemetry.keysAsked(subscription.consumer, product, outcomes);
    return {
      keys: outcomes.map((one) =>
        one.outcome === 'key' ? { outcome: one.outcome, key: base64(one.key) } : one,
      ),
    };
  }
}

const tooManyLookups = (waitSeconds: number): HttpRefusal =>
  new HttpRefusal(
    429,
    [
      {
        code: 'throttled',
        place: 'body.identifiers',
        rule: 'a client looks up a limited count of numbers a minute',
        mend: 'wait as long as Retry-After says',
      },
    ],
    { 'retry-after': String(waitSeconds) },
  );
