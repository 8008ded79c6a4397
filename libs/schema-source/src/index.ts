export { schemaFilesAt, schemaFilesIn, type SchemaFiles } from './schema-files.ts';
export {
  readSchemaSource,
  SchemaSourceError,
  type SchemaSource,
  type SourceEvent,
  type SourceProduct,
  type SourceRecord,
} from './schema-source.ts';
export { isUnion, type AvroField, type AvroJson, type AvroObject } from './inline-schema.ts';
export type { DataProductFile, SubscriptionFile } from './data-product-file.ts';
