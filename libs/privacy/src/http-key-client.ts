import { SamspillError, isPseudonym, type Pseudonym } from '@samspill/kernel';
import { z } from 'zod';
import { batched, type Batched } from './batched.ts';
import { keyCache } from './key-cache.ts';
import type { KeyClient, KeyOutcome, PatientIdentifier, WantedKey } from './key-client.ts';
import { patientNameOf } from './patient-name.ts';
import { pseudonymCache } from './pseudonym-cache.ts';
import { httpVaultRequest } from './vault-request.ts';

/** The vault takes no more items in one call. */
const itemsMax = 1_000;

const keyText = z.base64().transform((text) => Buffer.from(text, 'base64'));
const pseudonym = z.custom<Pseudonym>((value) => typeof value === 'string' && isPseudonym(value));
const answers = {
  pseudonyms: z.object({ pseudonyms: z.array(z.array(pseudonym).nullable()) }),
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
  },
): ((group: string) => Batched<Question, Answer>) => {
  const groups = new Map<string, Batched<Question, Answer>>();
  return (group) => {
    const known = groups.get(group);
    if (known !== undefined) return known;
    const { nameOf, request } = make(group);
    const made = batched(request, { max: itemsMax, nameOf });
    groups.set(group, made);
    return made;
  };
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
    request: (wanted: readonly WantedKey[]) => fetchOpeningKeys(product, wanted),
  }));

  return {
    pseudonyms: async (identifiers, mode) => {
      const held = identifiers.map((identifier) => known.get(identifier));
      const missing = identifiers.filter((_, index) => held[index] === undefined);
      const found = await pseudonyms(mode).ask(missing);
      missing.forEach((identifier, index) => {
        const set = found[index];
        if (set) known.put(identifier, set);
      });
      const fetched = found.values();
      return held.map((set) => set ?? fetched.next().value ?? undefined);
    },
    indexKey: async (product) => (await call('/index-key', { product }, answers.indexKey)).key,
    sealingKeys: async (product, patients) =>
      (await sealing(product).ask(patients)).map(({ version, key }) => ({
        version,
        key: Buffer.from(key),
      })),
    openingKeys: async (product, wanted) => {
      // Also a key that is held already is not given out when it is evicted while others are fetched.
      const watch = cache.fetching(product);
      const held = wanted.map((one) => cache.get(product, one));
      const missing = wanted.filter((_, index) => held[index] === undefined);
      const fetched = (await opening(product).ask(missing)).values();
      watch.end();
      return wanted.map(({ patient }, index): KeyOutcome => {
        const key = held[index];
        const outcome = key === undefined ? fetched.next().value : { outcome: 'key' as const, key };
        if (outcome?.outcome !== 'key') return outcome ?? unavailable('no answer');
        if (watch.isStale(patient)) return unavailable('evicted while it was asked for');
        // An answer may be shared with other callers.
        return { outcome: 'key', key: key ?? Buffer.from(outcome.key) };
      });
    },
    evict: (product, patient) => {
      cache.evict(product, patient);
      opening(product).forget((name) => name.startsWith(`${patient} `));
      sealing(product).forget((name) => name === patient);
    },
  };
}
