export { reachedPositions, type ReachedPositionsOptions } from './checkpoint.ts';
export { migrate } from './migrate.ts';
export { createPool, type PoolOptions } from './pool.ts';
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
export { inTransaction } from './transaction.ts';
