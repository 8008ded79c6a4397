import { cacheFolder, folderOf, isObtained, obtain, type Artifact } from './artifact.ts';
import { chooseJava } from './java-choice.ts';
import { findJava } from './java-search.ts';
import { kafkaArtifact } from './kafka-server.ts';
import { registryArtifact } from './registry-server.ts';

/** What Kafka and the registry are run by. */
export interface ServerPrograms {
  readonly java: string;
  /** Folder of the jars of the broker and its tools. */
  readonly kafkaJars: string;
  /** Folder of the registry. */
  readonly registryProgram: string;
}

/** Finds Java, and downloads what is missing. Raises JAVA_NOT_FOUND and DOWNLOAD_FAILED. */
export const obtainPrograms = async (
  onDownload: (part: 'kafka' | 'registry') => void,
): Promise<ServerPrograms> => {
  const { path: java } = chooseJava(await findJava(process.env));
  const obtained = (part: 'kafka' | 'registry', artifact: Artifact): Promise<string> =>
    obtain(artifact, cacheFolder(process.env), () => onDownload(part));
  // One after the other: Maven's local repository is shared.
  const kafkaJars = await obtained('kafka', kafkaArtifact(java));
  const registryProgram = await obtained('registry', registryArtifact(java));
  return { java, kafkaJars, registryProgram };
};

/** The servers that are downloaded once, and whether they are in the cache. */
export const cachedServers = (
  env: NodeJS.ProcessEnv,
): Promise<{ name: string; version: string; folder: string; isThere: boolean }[]> =>
  Promise.all(
    [kafkaArtifact('java'), registryArtifact('java')].map(async (artifact) => {
      const folder = folderOf(artifact, cacheFolder(env));
      const { name, version } = artifact;
      return { name, version, folder, isThere: await isObtained(artifact, cacheFolder(env)) };
    }),
  );
