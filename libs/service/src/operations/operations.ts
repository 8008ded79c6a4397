import type { EventLog } from '@samspill/event-log';
import type { IdentityMode } from '@samspill/fhir';
import type { KeyClient } from '@samspill/privacy';
import type { Projection } from '@samspill/read-model';
import type { Pool } from 'pg';
import type { PartitionStanding } from './lag-watch.ts';

/** The scope of whoever runs the mesh. */
export const operateScope = 'samspill:operate';

/** What a service names of its read models, so that operators can look at them and order about them. */
export interface OperatedReadModels {
  readonly projections: readonly Projection[];
  /** Finds the patient whom an operator names by number. */
  readonly keys: Pick<KeyClient, 'pseudonyms'>;
  /** Told what each look at their lag saw, and when that began: every second, one at a time. */
  readonly onLook?: (standings: readonly PartitionStanding[], at: Date) => void;
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
