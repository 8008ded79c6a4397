import { finished } from 'node:stream/promises';
import { SamspillError } from '@samspill/kernel';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CopyBytes } from './copy-bytes.ts';
import { writeValue } from './copy-values.ts';
import { databaseError } from './database-error.ts';
import type { ColumnType, ColumnValue } from './table.ts';

/** A column of a table with its values, one a row. */
export interface ColumnOfRows {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly ColumnValue[];
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const rowBytesGuess = 256;

/**
 * Appends rows by COPY, which takes PostgreSQL a quarter less than an INSERT. False where that cannot be: a key is there
 * already, or a value is refused; then nothing of it is left in the transaction.
 */
export async function copyRows(
  tx: ClientBase,
  table: string,
  columns: readonly ColumnOfRows[],
): Promise<boolean> {
  const bytes = binaryForm(columns);
  if (bytes === undefined) return false;
  const names = columns.map(({ name }) => name).join(', ');
  await tx.query('SAVEPOINT copied');
  try {
    const stream = copyFrom(`COPY ${table} (${names}) FROM STDIN (FORMAT binary)`);
    // It listens from here on to the end of the connection: an error that comes late must not end the process.
    const done = finished(stream);
    tx.query(stream);
    stream.end(bytes);
    await done;
    await tx.query('RELEASE SAVEPOINT copied');
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT copied');
    return false;
  }
}

const isRefusal = (error: unknown): boolean => {
  const told = databaseError(error);
  return told instanceof SamspillError && told.code === 'ROW_REFUSED';
};

/**
 * PostgreSQL's binary COPY: a signature, flags, and the length of what else the header holds; then per row the number
 * of fields and the fields; then -1. Undefined where a value has no place in it.
 */
function binaryForm(columns: readonly ColumnOfRows[]): Buffer | undefined {
  const rows = columns[0]?.values.length ?? 0;
  const into = new CopyBytes(rows * rowBytesGuess);
  into.raw(signature);
  into.int32(0);
  into.int32(0);
  try {
    for (let row = 0; row < rows; row += 1) {
      into.int16(columns.length);
      for (const { type, values } of columns) writeValue(into, type, values[row] ?? null);
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  into.int16(-1);
  return into.written();
}
