export {
  homeHub,
  positionOf,
  vaultOperator,
  wardScreen,
  type Answer,
  type BatchAnswer,
  type EntryAnswer,
  type OperationOutcome,
} from './clients.ts';
export { commitOf } from './commit.ts';
export { compileServices } from './compile-services.ts';
export {
  defaultDataDir,
  serviceDatabases,
  startMesh,
  type Mesh,
  type MeshOptions,
  type MeshStep,
} from './mesh.ts';
export { findRunningMesh, meshProcesses, stopRunningMesh } from './mesh-file.ts';
export { serviceNames, servicePlan, usualServicePorts, type ServiceName } from './mesh-services.ts';
export { bundleOf, heartRate, type HeartRate } from './fhir-samples.ts';
export {
  publishReadings,
  type PublishedReading,
  type Reading,
  type WriterParts,
} from './measurement-writer.ts';
export { homeBundles, type HomeBundle, type HomeSeries } from './home-measurements.ts';
export { syntheticPatients, type Condition, type SyntheticPatient } from './synthetic-patients.ts';
export { until } from './until.ts';
export { metricListFile, metricListOf, parseMetricList, type ListedMetric } from './metric-list.ts';
export { parseSamples, scrape, type Sample } from './scrape.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
