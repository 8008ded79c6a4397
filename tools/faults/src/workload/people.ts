import { partitionOf } from '@samspill/event-log';
import { measurements } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { syntheticPatients } from '@samspill/testing';

/** Somebody who is measured in a run. */
export interface Person {
  /** From 1; names the person in operations. */
  readonly number: number;
  readonly nationalId: string;
  readonly pseudonym: Pseudonym;
  readonly partition: number;
  /** Who sends the measurements: a hub through the intake, or a publisher straight to the log. */
  readonly sentBy: 'hub' | 'publisher';
  /** What is ordered about the person during the run, if anything. */
  readonly orders: 'none' | 'shreds' | 'grants';
}

/** Of each kind of sender, four of eight are left alone, two are shredded, and the grants of two close and open. */
const orders = ['none', 'shreds', 'none', 'grants'] as const;

/** Makes the people of a run known to the mesh. Rejects with KEY_VAULT_UNAVAILABLE. */
export async function makePeople(
  keyVaultUrl: string,
  { seed, count }: { readonly seed: string; readonly count: number },
): Promise<Person[]> {
  const patients = syntheticPatients({ seed, count });
  const keys = httpKeyClient({ url: keyVaultUrl, clientId: 'measurements' });
  const found = await keys.pseudonyms(
    patients.map(({ nationalId: value }) => ({ system: null, value })),
    'create',
  );
  return patients.map(({ number, nationalId }, index) => {
    const pseudonym = found[index]?.[0];
    if (pseudonym === undefined) throw new Error('the key vault made no pseudonym');
    return {
      number,
      nationalId,
      pseudonym,
      partition: partitionOf(pseudonym, measurements.partitions),
      sentBy: index % 2 === 0 ? 'hub' : 'publisher',
      orders: orders[Math.floor(index / 2) % orders.length] ?? 'none',
    };
  });
}
