import { dataProducts, subscriptions, type ConsumerSubscription } from '@samspill/contracts';
import { HttpRefusal, type Caller } from '@samspill/service';

/** Scopes of the client register. */
export const scopes = {
  find: 'samspill:key-vault/pseudonym',
  create: 'samspill:key-vault/pseudonym-create',
  release: 'samspill:key-vault/release',
  shred: 'samspill:key-vault/shred',
  grant: 'samspill:key-vault/grant',
} as const;

const forbidden = (rule: string, mend: string): HttpRefusal =>
  new HttpRefusal(403, [{ code: 'forbidden', place: 'the client', rule, mend }]);

export const notFound = (place: string, rule: string, mend: string): HttpRefusal =>
  new HttpRefusal(404, [{ code: 'not-found', place, rule, mend }]);

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
  const found = subscriptionOf(caller.clientId, product);
  if (found !== undefined) return found;
  throw forbidden('a consumer opens what it subscribes to', 'add the product to its subscription');
}

/** The subscription that an order is about; throws where there is none. */
export function subscriptionNamed(consumer: string, product: string): ConsumerSubscription {
  requireProduct(product);
  const found = subscriptionOf(consumer, product);
  if (found !== undefined) return found;
  const names = Object.values(subscriptions).map((one) => one.consumer);
  throw notFound(
    'body.consumer',
    'the consumer subscribes to the product',
    `send one of ${names.join(', ')}`,
  );
}

const subscriptionOf = (client: string, product: string): ConsumerSubscription | undefined => {
  const all: readonly ConsumerSubscription[] = Object.values(subscriptions);
  return all.find(({ consumer, products }) => consumer === client && products.includes(product));
};

/** Throws unless the client may also make pseudonyms. */
export function requireCreation(caller: Caller): void {
  if (caller.scopes.includes(scopes.create)) return;
  throw forbidden(`the client holds the scope ${scopes.create}`, 'ask for the scope');
}

/** Throws unless there is such a product. */
export function requireProduct(product: string): void {
  if (dataProducts.some(({ name }) => name === product)) return;
  const names = dataProducts.map(({ name }) => name);
  throw notFound(
    'body.product',
    'the product is one of the mesh',
    `send one of ${names.join(', ')}`,
  );
}
