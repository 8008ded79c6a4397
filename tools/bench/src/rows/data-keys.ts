import { subscriptions } from '@samspill/contracts';
import type { Pseudonym } from '@samspill/kernel';
import type { DataKey, KeyClient } from '@samspill/privacy';
import { patientAt } from './measurement-row.ts';

const askedAtOnce = 5_000;

/**
 * The data keys of all patients, by the real key vault: made for the owning domain, and granted to the emergency ward, as
 * they are of patients whom both have known for a while.
 */
export class DataKeys {
  readonly #keys = new Map<Pseudonym, DataKey>();

  constructor(
    private readonly product: string,
    private readonly clientOf: (clientId: string) => KeyClient,
  ) {}

  /** Makes the keys of so many patients. */
  async grantAll(patients: number): Promise<void> {
    const owner = this.clientOf(subscriptions.measurements.consumer);
    for (let from = 0; from < patients; from += askedAtOnce) {
      const length = Math.min(askedAtOnce, patients - from);
      const asked = Array.from({ length }, (_, index) => patientAt(from + index, patients));
      const keys = await owner.sealingKeys(this.product, asked);
      asked.forEach((patient, index) => {
        const key = keys[index];
        if (key !== undefined) this.#keys.set(patient, key);
      });
      await this.#grant(asked);
    }
  }

  of(patient: Pseudonym): DataKey {
    const key = this.#keys.get(patient);
    if (key === undefined) throw new Error('the key vault gave no key');
    return key;
  }

  /** The vault opens a grant when it gives the key out for the first time. */
  async #grant(patients: readonly Pseudonym[]): Promise<void> {
    const reader = this.clientOf(subscriptions['emergency-ward'].consumer);
    const wanted = patients.map((patient) => ({ patient, version: this.of(patient).version }));
    const outcomes = await reader.openingKeys(this.product, wanted);
    const refused = outcomes.find(({ outcome }) => outcome !== 'key');
    if (refused !== undefined) throw new Error(`the key vault says ${refused.outcome}`);
  }
}
