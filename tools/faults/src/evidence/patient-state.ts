import {
  keyVault,
  type GrantClosed,
  type GrantOpened,
  type KeyShredded,
} from '@samspill/contracts';
import type { WireFormat } from '@samspill/schema-registry';
import type { Evidence, ShreddedVersions } from './evidence.ts';
import type { ReadRecord } from './read-topic.ts';

/** What the key vault's own topic says in the end. */
export interface PatientStates {
  readonly shredded: ShreddedVersions;
  readonly closed: Evidence['closed'];
}

/** Folds the topic, in the order of its offsets: a patient's facts lie on one partition. */
export async function patientStatesOf(
  wire: WireFormat,
  product: string,
  records: readonly ReadRecord[],
): Promise<PatientStates> {
  await wire.learn(records.map(({ value }) => value));
  const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;
  const shredded = new Map<string, number>();
  const closed = new Map<string, Set<string>>();
  for (const { type, key, value } of records) {
    const read = wire.read(value);
    if ('unknown' in read) continue;
    const fact = read.value as GrantOpened & GrantClosed & KeyShredded;
    if (fact.product !== product) continue;
    const away = closed.get(fact.consumer) ?? new Set<string>();
    if (type === KeyShredded.fullName) {
      shredded.set(key, Math.max(fact.keyVersion, shredded.get(key) ?? 0));
    } else if (type === GrantClosed.fullName) {
      closed.set(fact.consumer, away.add(key));
    } else if (type === GrantOpened.fullName) {
      away.delete(key);
    }
  }
  return { shredded, closed };
}
