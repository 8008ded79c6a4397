import type { DataProduct } from '@samspill/contracts';
import { isPseudonym, SamspillError } from '@samspill/kernel';
import { openSealed, type KeyClient, type KeyOutcome, type WantedKey } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import type { DecodedRecord } from '../event-log/decoded-record.ts';
import { withoutPerson } from './without-person.ts';

/** What became of the sealed part of a record. */
export type Opening =
  /** Nobody asked for the key. */
  | { readonly outcome: 'sealed' }
  | { readonly outcome: 'opened'; readonly content: unknown }
  /** The key vault says so: the grant is closed; the key is destroyed. */
  | { readonly outcome: 'withheld' | 'shredded' }
  | { readonly outcome: 'unavailable' | 'unreadable'; readonly reason: string };

export interface OpeningParts {
  readonly wire: WireFormat;
  readonly product: DataProduct;
  /** A consumer's own client of the key vault: the vault judges it as it judges the consumer. */
  readonly keys: Pick<KeyClient, 'openingKeys' | 'evict'>;
}

/**
 * Opens what is sealed in these records, in their order; undefined where nothing is. No key outlives the call. Rejects
 * with KEY_VAULT_REFUSED where the client may open nothing at all.
 */
export async function openContents(
  { wire, product, keys }: OpeningParts,
  records: readonly DecodedRecord[],
): Promise<(Opening | undefined)[]> {
  const wanted = new Map(
    records.flatMap((one) => {
      const key = wantedKey(one);
      return key === undefined ? [] : [[nameOf(key), key] as const];
    }),
  );
  if (wanted.size === 0) return records.map(() => undefined);
  const answers = await keys.openingKeys(product.name, [...wanted.values()]);
  const outcomes = new Map([...wanted.keys()].map((name, at) => [name, answers[at]]));
  try {
    return records.map((one) => {
      const key = wantedKey(one);
      return key && openOne(wire, one, outcomes.get(nameOf(key)));
    });
  } finally {
    for (const one of answers) if (one.outcome === 'key') one.key.fill(0);
    for (const { patient } of wanted.values()) keys.evict(product.name, patient);
  }
}

function wantedKey({ record, event }: DecodedRecord): WantedKey | undefined {
  const version = event?.clear.sealed?.keyVersion;
  const { key } = record;
  if (version === undefined || key === undefined || !isPseudonym(key)) return undefined;
  return { patient: key, version };
}

const nameOf = ({ patient, version }: WantedKey): string => `${patient} ${version}`;

function openOne(
  wire: WireFormat,
  { record, event }: DecodedRecord,
  found: KeyOutcome | undefined,
): Opening {
  if (found?.outcome !== 'key') {
    const reason = found?.outcome === 'unavailable' ? found.reason : 'no answer';
    if (reason.startsWith('KEY_VAULT_REFUSED')) throw new SamspillError('KEY_VAULT_REFUSED');
    if (found === undefined || found.outcome === 'unavailable') {
      return { outcome: 'unavailable', reason };
    }
    return { outcome: found.outcome };
  }
  try {
    const type = event?.type as Parameters<typeof openSealed>[2];
    const clear = event?.clear as Parameters<typeof openSealed>[3];
    return {
      outcome: 'opened',
      content: withoutPerson(openSealed(wire, record, type, clear, found.key)),
    };
  } catch (error) {
    if (!(error instanceof SamspillError)) throw error;
    return { outcome: 'unreadable', reason: error.code };
  }
}
