import { SamspillError, type Pseudonym } from '@samspill/kernel';
import { z } from 'zod';
import { batched, type Batched, type Sharing } from './batched.ts';
import { keyCache } from './key-cache.ts';
import type { DataKey, KeyClient, KeyOutcome, PatientIdentifier, WantedKey } from './key-client.ts';
import { patientNameOf } from './patient-name.ts';
import { pseudonymCache } from './pseudonym-cache.ts';
import { pseudonymForm } from './pseudonym-form.ts';
import { vaultAnswers } from './vault-answers.ts';
import { httpVaultRequest } from './vault-request.ts';

/** The vault takes no more items in one call; and under load few calls with many items cost both sides least. */
const gathering = { max: 1_000, openMax: 4 } as const;

const keyText = z.base64().transform((text) => Buffer.from(text, 'base64'));
const answers = {
  pseudonyms: z.object({ pseudonyms: z.array(z.array(pseudonymForm).nullable()) }),
  indexKey: z.object({ key: keyText }),
  sealingKeys: z.object({ keys: z.array(z.object({ version: z.int(), key: keyText })) }),
  openingKeys: z.object({
    keys: z.array(
      z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('key'), key: keyText }),
        z.object({ outcome: z.literal('withheld') }),
        z.object({ outcome: z.literal('shredded') }),
        z.object({ outcome: z.literal('unavailable'), reason: z.string() }),
      ]),
    ),
  }),
};

const asMany = <T>(path: string, items: readonly T[], asked: number): readonly T[] => {
  if (items.length === asked) return items;
  throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: `${path} (answers missing)` });
};

const unavailable = (reason: string): KeyOutcome => ({ outcome: 'unavailable', reason });

/** One batch of questions per mode or product, made when it is first asked. */
const batchedBy = <Question, Answer>(
  make: (group: string) => {
    readonly nameOf: (question: Question) => string;
    readonly request: (questions: readonly Question[]) => Promise<readonly Answer[]>;
    readonly sharing?: Sharing<Answer>;
  },
) => {
  const groups = new Map<string, Batched<Question, Answer>>();
  return {
    of: (group: string): Batched<Question, Answer> => {
      const known = groups.get(group);
      if (known !== undefined) return known;
      const { request, ...options } = make(group);
      const made = batched(request, { ...gathering, ...options });
      groups.set(group, made);
      return made;
    },
    isUnderWay: (matches: (name: string) => boolean): boolean =>
      groups.values().some((one) => one.isUnderWay(matches)),
  };
};

/** Keys are handed out as copies, and the answer that they came in is zeroed. */
const keySharing: Sharing<DataKey> = {
  copy: ({ version, key }) => ({ version, key: Buffer.from(key) }),
  dispose: ({ key }) => void key.fill(0),
};
const outcomeSharing: Sharing<KeyOutcome> = {
  copy: (one) => (one.outcome === 'key' ? { ...one, key: Buffer.from(one.key) } : one),
  dispose: (one) => {
    if (one.outcome === 'key') one.key.fill(0);
  },
};

/**
 * The key vault over HTTP. Opened keys are kept for 5 minutes, 10,000 at most; pseudonyms too, under a hash keyed by
 * this process. Keys to seal with are asked for every time: an event under a key that was shredded meanwhile is lost.
 */
export function httpKeyClient(options: {
  readonly url: string;
  readonly clientId: string;
  /** For a whole answer; 5,000 unless told. */
  readonly timeoutMs?: number;
}): KeyClient {
  const call = httpVaultRequest({ timeoutMs: 5_000, ...options });
  const known = pseudonymCache();
  const cache = keyCache();

  const pseudonyms = batchedBy((mode: string) => ({
    nameOf: patientNameOf,
    request: async (identifiers: readonly PatientIdentifier[]) => {
      const path = '/pseudonyms';
      const answer = await call(path, { identifiers, mode }, answers.pseudonyms);
      return asMany(path, answer.pseudonyms, identifiers.length);
    },
  }));

  const sealing = batchedBy((product: string) => ({
    nameOf: (patient: Pseudonym) => patient,
    sharing: keySharing,
    request: async (patients: readonly Pseudonym[]) => {
      const path = '/sealing-keys';
      const answer = await call(path, { product, patients }, answers.sealingKeys);
      return asMany(path, answer.keys, patients.length);
    },
  }));

  const fetchOpeningKeys = async (
    product: string,
    wanted: readonly WantedKey[],
  ): Promise<readonly KeyOutcome[]> => {
    const path = '/opening-keys';
    const fetch = cache.fetching(product);
    try {
      const answer = await call(path, { product, keys: wanted }, answers.openingKeys);
      asMany(path, answer.keys, wanted.length);
      answer.keys.forEach((outcome, index) => {
        const one = wanted[index];
        if (one === undefined || outcome.outcome !== 'key' || fetch.isStale(one.patient)) return;
        cache.put(product, one, outcome.key);
      });
      return answer.keys;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'the key vault did not answer';
      return wanted.map(() => unavailable(reason));
    } finally {
      fetch.end();
    }
  };
  const opening = batchedBy((product: string) => ({
    nameOf: ({ patient, version }: WantedKey) => `${patient} ${version}`,
    sharing: outcomeSharing,
    request: (wanted: readonly WantedKey[]) => fetchOpeningKeys(product, wanted),
  }));

  const isOf = (patient: Pseudonym) => (name: string) => name.startsWith(patient);

  return {
    pseudonyms: async (identifiers, mode) => {
      const lookup = known.lookingUp();
      try {
        const held = identifiers.map((identifier) => known.get(identifier));
        const missing = identifiers.filter((_, index) => held[index] === undefined);
        const found = await pseudonyms.of(mode).ask(missing);
        missing.forEach((identifier, index) => {
          const set = found[index];
          if (set) lookup.put(identifier, set);
        });
        const fetched = found.values();
        return held.map((set) => set ?? fetched.next().value ?? undefined);
      } finally {
        lookup.end();
      }
    },
    indexKey: async (product) => (await call('/index-key', { product }, answers.indexKey)).key,
    sealingKeys: (product, patients) => sealing.of(product).ask(patients),
    openingKeys: async (product, wanted) => {
      // Also a key that is held already is not given out when it is evicted while others are fetched.
      const watch = cache.fetching(product);
      const held = wanted.map((one) => cache.get(product, one));
      const missing = wanted.filter((_, index) => held[index] === undefined);
      const fetched = (await opening.of(product).ask(missing)).values();
      watch.end();
      return wanted.map(({ patient }, index): KeyOutcome => {
        const key = held[index];
        const outcome = key === undefined ? fetched.next().value : { outcome: 'key' as const, key };
        if (outcome?.outcome !== 'key' || !watch.isStale(patient)) {
          return outcome ?? unavailable('no answer');
        }
        outcome.key.fill(0);
        return unavailable('evicted while it was asked for');
      });
    },
    answers: () => vaultAnswers(options.url),
    evict: (product, patient) => {
      cache.evict(product, patient);
      known.evict(patient);
      opening.of(product).forget(isOf(patient));
      sealing.of(product).forget(isOf(patient));
    },
    caches: [
      { name: 'opened-keys', holds: (patient) => cache.holds(patient) },
      { name: 'pseudonyms', holds: (patient) => known.holds(patient) },
      {
        name: 'keys-under-way',
        holds: (patient) => opening.isUnderWay(isOf(patient)) || sealing.isUnderWay(isOf(patient)),
      },
    ],
  };
}
