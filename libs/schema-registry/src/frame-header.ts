import { SamspillError } from '@samspill/kernel';

const magic = 0x00;
/** Magic byte and schema id; the Avro body follows. */
export const headerLength = 5;

export function writeHeader(into: Buffer, id: number): void {
  into[0] = magic;
  into.writeUInt32BE(id, 1);
}

/** The schema id of a framed value; undefined when the value is in another format. */
export const schemaIdOf = (value: Buffer): number | undefined =>
  value.length >= headerLength && value[0] === magic ? value.readUInt32BE(1) : undefined;

/** The schema id, or RECORD_UNREADABLE. */
export function requiredSchemaIdOf(value: Buffer): number {
  const id = schemaIdOf(value);
  if (id === undefined) throw new SamspillError('RECORD_UNREADABLE', { place: 'wire format' });
  return id;
}
