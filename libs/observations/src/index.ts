export {
  measurementProjection,
  measurementTable,
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
export { searchedPatient, type NamedPatient, type SearchedPatient } from './searched-patient.ts';
export { searchsetOf } from './searchset.ts';
