export { checkReleased, checkSchemas, subjectsOf, type SubjectRecord } from './check-schemas.ts';
export { schemaFilesAt, schemaFilesIn, type SchemaFiles } from './schema-files.ts';
export { formatProblem, type SchemaProblem } from './schema-problem.ts';
export {
  readSchemaSource,
  SchemaSourceError,
  type SchemaSource,
  type SourceEvent,
  type SourceExample,
  type SourceProduct,
  type SourceRecord,
} from './schema-source.ts';
export { isUnion, type AvroField, type AvroJson, type AvroObject } from './inline-schema.ts';
export type { DataProductFile, SubscriptionFile } from './data-product-file.ts';
