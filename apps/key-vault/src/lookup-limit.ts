/** How many numbers a client may still look up: a bucket of one minute's worth that fills steadily. */
export interface LookupLimit {
  /** Takes that many at once; else the seconds after which as many are free again. */
  take(clientId: string, count: number): { readonly waitSeconds: number } | undefined;
}

interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** Per client and instance. `perMinute` must be the largest batch at least. `now`: milliseconds, never backwards. */
export function lookupLimit(perMinute: number, now = (): number => performance.now()): LookupLimit {
  // As many as the client register has clients.
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  return {
    take: (clientId, count) => {
      const atMs = now();
      const before = buckets.get(clientId) ?? { left: perMinute, atMs };
      const left = Math.min(perMinute, before.left + (atMs - before.atMs) * perMs);
      const isEnough = left >= count;
      buckets.set(clientId, { left: isEnough ? left - count : left, atMs });
      return isEnough ? undefined : { waitSeconds: Math.ceil((count - left) / perMs / 1_000) };
    },
  };
}
