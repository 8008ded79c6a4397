export { reachedPositions, type ReachedPositionsOptions } from './reached-positions.ts';
export { listCheckpoints, type Checkpoint } from './list-checkpoints.ts';
export { groupOf } from './follow-version.ts';
export {
  materialiser,
  type Materialiser,
  type MaterialiserOptions,
  type RunningMaterialiser,
  type WrittenChunk,
} from './materialiser.ts';
export type { CatchUpSizes, CaughtUpChunk } from './catch-up.ts';
export type { ParkingLimit } from './parking-limit.ts';
export { migrate } from './migrate.ts';
export { migrationDifferences, type MigrationDifference } from './migration-differences.ts';
export { eventRows, type EventRow, type RowsWanted } from './event-rows.ts';
export { patientStandings, type PatientStanding } from './patient-standing.ts';
export {
  acceptParking,
  countGates,
  listParked,
  listParkingStops,
  requeue,
  type GateCount,
  type ParkedPatient,
  type ParkedQuestion,
  type ParkingStop,
  type RequeueWho,
} from './parked.ts';
export { createPool, type PoolOptions } from './pool.ts';
export type { OutcomeKind } from './plan.ts';
export type { Probe, ProbedBatch, ProbePoint } from './probe.ts';
export { projection, type LoggedEvent, type Marking, type Projection } from './projection.ts';
export {
  row,
  table,
  type Columns,
  type ColumnType,
  type ColumnValue,
  type Row,
  type Table,
} from './table.ts';
export { shownPatients, type PatientsOfRead } from './shown-patients.ts';
export { inTransaction } from './transaction.ts';
export type { OfProjection, ReadModelVersion, VersionState } from './versions.ts';
export type { TableComparison } from './compare-versions.ts';
export { discardVersion, startRebuild, type RebuildTarget } from './rebuild.ts';
export { rebuildStatus, type VersionStatus } from './rebuild-status.ts';
export {
  rollBack,
  switchVersion,
  type Switched,
  type SwitchOptions,
  type SwitchStep,
} from './switch-version.ts';
