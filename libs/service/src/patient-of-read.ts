import type { IncomingHttpHeaders } from 'node:http';
import type { IdentityMode } from '@samspill/fhir';
import type { KeyClient } from '@samspill/privacy';
import {
  reachedPositions,
  shownPatients,
  type PatientsOfRead,
  type ReachedPositionsOptions,
} from '@samspill/read-model';
import type { Pool } from 'pg';
import { HttpRefusal } from './http-refusal.ts';
import { afterHeader, patientHeader } from './nhn-headers.ts';
import type { PatientStateWatch } from './patient-state-watch.ts';
import { searchedPatient } from './searched-patient.ts';

/** What every read about a patient stands on. */
export interface PatientReads {
  readonly pool: Pool;
  readonly keys: Pick<KeyClient, 'pseudonyms'>;
  readonly identity: IdentityMode;
  readonly readModel: Pick<ReachedPositionsOptions, 'schema' | 'projection'>;
  /** Whether the read model knows what was closed. */
  readonly patientState: Pick<PatientStateWatch, 'known'>;
}

/** Token under which Nest hands {@link PatientReads} to controllers. */
export const PATIENT_READS = Symbol('PATIENT_READS');

const waitMaxMs = 5_000;

/**
 * Who a request is about: the set of linked pseudonyms, empty for a patient whom the mesh does not know, apart from those
 * of whom the read model holds a part for now. Waits until it has reached what the header Samspill-After names (design D1).
 * Rejects with HttpRefusal 400, PATIENT_STATE_UNKNOWN, POSITION_NOT_REACHED, KEY_VAULT_UNAVAILABLE or DATABASE_UNAVAILABLE.
 */
export async function patientOfRead(
  { pool, keys, identity, readModel, patientState }: PatientReads,
  headers: IncomingHttpHeaders,
  parameter?: string,
): Promise<PatientsOfRead> {
  const positions = afterHeader(headers);
  const named = { header: patientHeader(headers), parameter };
  const { patient, problems } = searchedPatient(named, identity);
  if (problems !== undefined) throw new HttpRefusal(400, problems);
  await patientState.known();
  await reachedPositions(pool, { ...readModel, positions, timeoutMs: waitMaxMs });
  const [pseudonyms] = await keys.pseudonyms([patient], 'find');
  return shownPatients(pool, readModel, pseudonyms ?? []);
}
