import type { IncomingHttpHeaders } from 'node:http';
import type { IdentityMode } from '@samspill/fhir';
import type { Pseudonym } from '@samspill/kernel';
import { searchedPatient } from '@samspill/observations';
import type { KeyClient } from '@samspill/privacy';
import { reachedPositions, type ReachedPositionsOptions } from '@samspill/read-model';
import { HttpRefusal, afterHeader, patientHeader } from '@samspill/service';
import type { Pool } from 'pg';
import type { LagWatch } from './lag-watch.ts';

/** What every read of the ward stands on. */
export interface PatientReads {
  readonly pool: Pool;
  readonly keys: KeyClient;
  readonly identity: IdentityMode;
  readonly readModel: Pick<ReachedPositionsOptions, 'schema' | 'projection'>;
  readonly lag: LagWatch;
}

/** Token under which Nest hands {@link PatientReads} to controllers. */
export const PATIENT_READS = Symbol('PATIENT_READS');

const waitMaxMs = 5_000;

/**
 * Who a request is about: the set of linked pseudonyms, empty for a patient whom the mesh does not know. Waits until
 * the read model has reached what the header Samspill-After names (design D1).
 * Rejects with HttpRefusal 400, POSITION_NOT_REACHED or KEY_VAULT_UNAVAILABLE.
 */
export async function patientOfRead(
  { pool, keys, identity, readModel }: PatientReads,
  headers: IncomingHttpHeaders,
  parameter?: string,
): Promise<readonly Pseudonym[]> {
  const positions = afterHeader(headers);
  const { patient, problems } = searchedPatient(
    { header: patientHeader(headers), parameter },
    identity,
  );
  if (problems !== undefined) throw new HttpRefusal(400, problems);
  await reachedPositions(pool, { ...readModel, positions, timeoutMs: waitMaxMs });
  const [pseudonyms] = await keys.pseudonyms([patient], 'find');
  return pseudonyms ?? [];
}
