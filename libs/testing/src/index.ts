export {
  homeHub,
  positionOf,
  wardScreen,
  type Answer,
  type BatchAnswer,
  type EntryAnswer,
  type OperationOutcome,
} from './clients.ts';
export { defaultDataDir, startMesh, type Mesh, type MeshOptions, type MeshStep } from './mesh.ts';
export { findRunningMesh, stopRunningMesh } from './mesh-file.ts';
export { serviceNames, type ServiceName } from './mesh-services.ts';
