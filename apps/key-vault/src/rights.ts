import { dataProducts, subscriptions, type ConsumerSubscription } from '@samspill/contracts';
import { HttpRefusal, type Caller } from '@samspill/service';

/** Scopes of the client register. */
export const scopes = {
  find: 'samspill:key-vault/pseudonym',
  create: 'samspill:key-vault/pseudonym-create',
  release: 'samspill:key-vault/release',
  shred: 'samspill:key-vault/shred',
} as const;

const forbidden = (rule: string, mend: string): HttpRefusal =>
  new HttpRefusal(403, [{ code: 'forbidden', place: 'the client', rule, mend }]);

/** Throws unless the client is the domain that owns the product: it alone seals, and names facts. */
export function requireOwner(caller: Caller, product: string): void {
  const owner = dataProducts.find(({ name }) => name === product)?.domain;
  if (owner !== undefined && caller.clientId === owner) return;
  throw forbidden(
    'the owning domain alone seals and names the facts of a product',
    'ask as that domain',
  );
}

/** The caller's subscription to the product; throws where there is none. */
export function requireSubscription(caller: Caller, product: string): ConsumerSubscription {
  const all: readonly ConsumerSubscription[] = Object.values(subscriptions);
  const found = all.find(
    ({ consumer, products }) => consumer === caller.clientId && products.includes(product),
  );
  if (found !== undefined) return found;
  throw forbidden('a consumer opens what it subscribes to', 'add the product to its subscription');
}

/** Throws unless the client may also make pseudonyms. */
export function requireCreation(caller: Caller): void {
  if (caller.scopes.includes(scopes.create)) return;
  throw forbidden(`the client holds the scope ${scopes.create}`, 'ask for the scope');
}

/** Throws unless there is such a product. */
export function requireProduct(product: string): void {
  if (dataProducts.some(({ name }) => name === product)) return;
  throw new HttpRefusal(404, [
    {
      code: 'not-found',
      place: 'body.product',
      rule: 'the product is one of the mesh',
      mend: `send one of ${dataProducts.map(({ name }) => name).join(', ')}`,
    },
  ]);
}
