import { measurements } from '@samspill/contracts';
import { identifierKey, type AcceptedMeasurement } from '@samspill/fhir';
import type { Pseudonym } from '@samspill/kernel';
import { contentMarkOf, naturalKeyOf, resourceIdOf, type KeyClient } from '@samspill/privacy';

/** A measurement that the rules let in, with an identifier that must not be held yet where the source says so. */
export interface SubmittedMeasurement extends AcceptedMeasurement {
  readonly ifNoneExist?: { readonly system: string; readonly value: string } | undefined;
}

/** A measurement under the names of the mesh: no name tells a number or a key of the source (design D4, D6). */
export interface NamedMeasurement {
  readonly sent: SubmittedMeasurement;
  readonly patients: readonly [Pseudonym, ...Pseudonym[]];
  readonly naturalKey: string;
  /** Natural key that a conditional create looks for. */
  readonly conditionKey: string | undefined;
  readonly contentMark: string;
  readonly measurementId: string;
}

/** Names measurements: one call to the key vault for all their patients. Rejects with KEY_VAULT_UNAVAILABLE. */
export async function nameMeasurements(
  sent: readonly SubmittedMeasurement[],
  keys: Pick<KeyClient, 'pseudonyms'>,
  indexKey: Buffer,
): Promise<NamedMeasurement[]> {
  const sets = await keys.pseudonyms(
    sent.map(({ patient }) => patient),
    'create',
  );
  return sent.map((measurement, at) => {
    const [first, ...linked] = sets[at] ?? [];
    if (first === undefined)
      throw new TypeError('the key vault makes a pseudonym for every patient');
    const { organisation, key, canonicalText, ifNoneExist } = measurement;
    const naturalKey = naturalKeyOf(indexKey, organisation, key.parts);
    return {
      sent: measurement,
      patients: [first, ...linked],
      naturalKey,
      conditionKey:
        ifNoneExist &&
        naturalKeyOf(
          indexKey,
          organisation,
          identifierKey(ifNoneExist.system, ifNoneExist.value).parts,
        ),
      contentMark: contentMarkOf(indexKey, canonicalText),
      measurementId: resourceIdOf(indexKey, organisation, naturalKey),
    };
  });
}

export const product = measurements.name;
