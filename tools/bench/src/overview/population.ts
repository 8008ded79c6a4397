import { statfs } from 'node:fs/promises';
import type { Pseudonym } from '@samspill/kernel';
import { httpKeyClient } from '@samspill/privacy';
import { syntheticPatients } from '@samspill/testing';

/** Who is in the read model. */
export interface Population {
  readonly patients: number;
  /** The first of them, who were followed for years. */
  readonly heavy: number;
  readonly rowsEach: number;
  readonly rowsOfHeavy: number;
}

/** A row with its indexes, and what the log of the database holds while they are made. */
const bytesOfRow = 2_700;

/** Why so much does not fit on the disk of the folder; undefined where it does. */
export async function lackOfDisk(
  folder: string,
  { patients, heavy, rowsEach, rowsOfHeavy }: Population,
): Promise<string | undefined> {
  const rows = (patients - heavy) * rowsEach + heavy * rowsOfHeavy;
  const { bavail, bsize } = await statfs(folder);
  const gibibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 30);
  return bavail * bsize > rows * bytesOfRow
    ? undefined
    : `${rows} rows take ${gibibytes(rows * bytesOfRow)} GiB of disk, ${gibibytes(bavail * bsize)} are free: give fewer --rows`;
}

export interface KnownPatient {
  readonly nationalId: string;
  readonly pseudonym: Pseudonym;
}

/** As many as a call to the key vault takes. */
const askedAtOnce = 1_000;

/** Makes patients known to the key vault, as the intake does when their first measurement comes. */
export async function knownPatients(
  keyVaultUrl: string,
  { patients }: Population,
): Promise<KnownPatient[]> {
  const keys = httpKeyClient({ url: keyVaultUrl, clientId: 'measurements' });
  const all = syntheticPatients({ count: patients, seed: 'population' });
  const known: KnownPatient[] = [];
  for (let from = 0; from < patients; from += askedAtOnce) {
    const ids = all.slice(from, from + askedAtOnce).map(({ nationalId }) => nationalId);
    const sets = await keys.pseudonyms(
      ids.map((value) => ({ system: null, value })),
      'create',
    );
    ids.forEach((nationalId, index) => {
      const pseudonym = sets[index]?.[0];
      if (pseudonym === undefined) throw new Error('the key vault made no pseudonym');
      known.push({ nationalId, pseudonym });
    });
  }
  return known;
}
