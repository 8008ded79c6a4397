export { avroType, fingerprintOf, type AvroSchema, type Codec } from './codec.ts';
export { eventType, sealedType } from './data-product.ts';
export type {
  ConsumerSubscription,
  DataProduct,
  EventType,
  RecordType,
  SealedType,
} from './data-product.ts';
export { dataProducts, subscriptions } from './generated/index.ts';
export type { Coding, Envelope, Identifier, Sealed, Source } from './generated/common.ts';
export {
  keyVault,
  type GrantClosed,
  type GrantOpened,
  type KeyShredded,
} from './generated/key-vault.ts';
export {
  measurements,
  type Component,
  type CorrectionContent,
  type Effective,
  type MeasurementContent,
  type MeasurementCorrected,
  type MeasurementRecorded,
  type MeasurementRetracted,
  type ReferenceRange,
  type RetractionContent,
  type Value,
} from './generated/measurements.ts';
