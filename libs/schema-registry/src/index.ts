export { applySchemas, type AppliedSchema, type ApplySchemasOptions } from './apply-schemas.ts';
export { httpSchemaRegistry } from './http-schema-registry.ts';
export { memoryWireFormat } from './memory-wire-format.ts';
export { openWireFormat, type WireFormatOptions } from './open-wire-format.ts';
export type { SchemaRegistry } from './schema-registry.ts';
export { unregisteredSubjects } from './unregistered-subjects.ts';
export type { WireFormat } from './wire-format.ts';
export type { ReadValue } from './writer-schemas.ts';
