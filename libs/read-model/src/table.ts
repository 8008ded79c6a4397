/** A JSON column takes JSON as text, which is kept to the letter, or any other value, which is turned into JSON. */
type Json = string | number | boolean | object;

/** PostgreSQL types of columns, and what a row gives for them. Null fits everywhere. */
interface ColumnValues {
  text: string;
  uuid: string;
  boolean: boolean;
  smallint: number;
  integer: number;
  bigint: number;
  'double precision': number;
  /** As text, every decimal is kept. */
  numeric: string | number;
  date: string;
  /** A number counts milliseconds since the epoch. */
  timestamptz: number | string | Date;
  json: Json;
  jsonb: Json;
  'text[]': readonly string[];
}

export type ColumnType = keyof ColumnValues;
export type ColumnValue = ColumnValues[ColumnType] | null;
export type Columns = Readonly<Record<string, ColumnType>>;

/** A table with one row per event. Physical name `<name>_v<version>`; readers use the view `<name>`. */
export interface Table<Own extends Columns = Columns> {
  readonly name: string;
  /** The table's own columns; those of the engine come in addition. */
  readonly columns: Own;
  /** The first writing of a key wins, unless the same event comes again under a later key of the patient. */
  readonly key: readonly string[];
}

export interface Row {
  readonly table: Table;
  readonly values: Readonly<Record<string, ColumnValue | undefined>>;
}

/** Every table has these; the engine fills them. `key_version` is 0 where an event seals nothing. */
export const engineColumns = {
  event_id: 'uuid',
  patient: 'text',
  src_partition: 'integer',
  src_offset: 'bigint',
  key_version: 'integer',
} as const satisfies Columns;

/**
 * Names a table and its columns. `key` is `event_id` unless one event gives several rows of the table.
 * Columns of the engine may be named and are left to the engine.
 */
export function table<const Own extends Columns>(definition: {
  readonly name: string;
  readonly columns: Own;
  readonly key?: readonly string[];
}): Table<Own> {
  const { name, columns, key = ['event_id'] } = definition;
  const unknown = key.filter((column) => !(column in columns) && !(column in engineColumns));
  if (unknown.length > 0) throw new TypeError(`table ${name} has no column ${unknown.join(', ')}`);
  return { name, columns, key };
}

/** A row of the table with every own column given, checked by the compiler. */
export const row = <Own extends Columns>(
  of: Table<Own>,
  values: {
    readonly [Name in Exclude<keyof Own, keyof typeof engineColumns>]:
      ColumnValues[Own[Name]] | null;
  },
): Row => ({ table: of, values });

/** JSON as it travels. */
export const jsonText = (value: ColumnValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
