export {
  measurementProjection,
  observationMigrations,
  type KeptContent,
} from './measurement-projection.ts';
export {
  findObservations,
  type FoundObservation,
  type ObservationPage,
} from './observation.query.ts';
export {
  readSearch,
  type ObservationSearch,
  type ReadSearch,
  type SearchProblem,
} from './search-parameters.ts';
export { searchsetOf } from './searchset.ts';
export {
  compareDecimals,
  decimalsOf,
  plus,
  readDecimal,
  writeDecimal,
  type Decimal,
} from './decimal.ts';
export { areAtOdds, normalise, type Normalised } from './units.ts';
export { judgeMeasurement, judgeRange, unitsOf, type RangeVerdict } from './reference-range.ts';
export { isInForce } from './version-in-force.ts';
export { measurementStanding, type MeasurementStanding } from './measurement-standing.ts';
