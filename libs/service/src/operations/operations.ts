import type { EventLog } from '@samspill/event-log';
import type { IdentityMode } from '@samspill/fhir';
import type { EventId, Position } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import type { Projection } from '@samspill/read-model';
import type { Pool } from 'pg';
import type { PartitionStanding } from './lag-watch.ts';

/** The scope of whoever runs the mesh. */
export const operateScope = 'samspill:operate';

/** What readers see of an event that has become a row; see the projection for what the words mean. */
export interface ShownEvent {
  readonly state: string;
  /** The later event that counts instead. */
  readonly by: { readonly eventId: EventId; readonly position: Position } | null;
}

/** What a service names of its read models, so that operators can look at them and order about them. */
export interface OperatedReadModels {
  readonly projections: readonly Projection[];
  /** Finds the patient whom an operator names by number. */
  readonly keys: Pick<KeyClient, 'pseudonyms'>;
  /** Says what readers see of an event in the projection that they read, as far as its rows alone do not. */
  readonly shown?: {
    readonly projection: string;
    of(eventId: EventId): Promise<ShownEvent | undefined>;
  };
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
