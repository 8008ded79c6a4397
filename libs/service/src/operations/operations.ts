import type { EventLog } from '@samspill/event-log';
import type { IdentityMode } from '@samspill/fhir';
import type { KeyClient } from '@samspill/privacy';
import type { Projection } from '@samspill/read-model';
import type { Pool } from 'pg';

/** The scope of whoever runs the mesh. */
export const operateScope = 'samspill:operate';

/** What a service names of its read models, so that operators can look at them and order about them. */
export interface OperatedReadModels {
  readonly projections: readonly Projection[];
  /** Finds the patient whom an operator names by number. */
  readonly keys: Pick<KeyClient, 'pseudonyms'>;
}

/** What the routes of operators stand on. */
export interface Operations extends OperatedReadModels {
  /** Name of the service. */
  readonly service: string;
  /** PostgreSQL schema of the service. */
  readonly schema: string;
  readonly pool: Pool;
  readonly eventLog: Pick<EventLog, 'ranges'>;
  readonly identity: IdentityMode;
}

/** Token under which Nest hands {@link Operations} to controllers. */
export const OPERATIONS = Symbol('OPERATIONS');
