import type { ServiceName } from '@samspill/testing';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { StepBack } from './evidence.ts';
import { followedTables, type FollowedTable } from './followed-tables.ts';
import { schemaOf } from './read-models.ts';
import { withClient } from './with-client.ts';

const servicesOf = (followed: readonly FollowedTable[]): readonly ServiceName[] => [
  ...new Set(followed.map(({ service }) => service)),
];

/**
 * The harness's own trigger: it writes down every step back of a checkpoint or an owner epoch, in the transaction that
 * makes it, so that no step is missed however short it lasted.
 */
const triggerOn = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS fault_watch;
  CREATE TABLE IF NOT EXISTS fault_watch.step_back (
    at timestamptz NOT NULL, projection text NOT NULL, version int NOT NULL, topic text NOT NULL,
    partition int NOT NULL, before bigint NOT NULL, next bigint NOT NULL,
    epoch_before bigint NOT NULL, epoch bigint NOT NULL);
  CREATE OR REPLACE FUNCTION fault_watch.note_step() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO fault_watch.step_back VALUES (clock_timestamp(), NEW.projection, NEW.version, NEW.topic,
      NEW.partition, OLD.next_offset, NEW.next_offset, OLD.owner_epoch, NEW.owner_epoch);
    RETURN NULL;
  END $$;
  CREATE OR REPLACE TRIGGER fault_watch AFTER UPDATE ON ${schema}.projection_offset
    FOR EACH ROW WHEN (NEW.next_offset < OLD.next_offset OR NEW.owner_epoch < OLD.owner_epoch)
    EXECUTE FUNCTION fault_watch.note_step();`;

/** Call it once the services run, before the workload. */
export async function watchCheckpoints(
  databaseUrls: FaultMesh['databaseUrls'],
  followed: readonly FollowedTable[] = followedTables,
): Promise<void> {
  for (const service of servicesOf(followed)) {
    await withClient(databaseUrls[service], (db) => db.query(triggerOn(schemaOf(service))));
  }
}

export async function stepsBackOf(
  databaseUrls: FaultMesh['databaseUrls'],
  followed: readonly FollowedTable[] = followedTables,
): Promise<StepBack[]> {
  const steps: StepBack[] = [];
  for (const service of servicesOf(followed)) {
    const { rows } = await withClient(databaseUrls[service], (db) =>
      db.query<StepBack>(`
        SELECT projection || '.v' || version AS "readModel", topic, partition, before::float8, next::float8,
               epoch_before::float8 AS "epochBefore", epoch::float8,
               extract(epoch FROM at)::float8 * 1000 AS at
          FROM fault_watch.step_back`),
    );
    steps.push(...rows.map((row) => ({ ...row, readModel: `${service}.${row.readModel}` })));
  }
  return steps;
}
