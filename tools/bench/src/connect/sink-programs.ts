import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, isObtained, obtain, runMaven, type Artifact } from '@samspill/local-stack';

const run = promisify(execFile);
const poms = join(import.meta.dirname, '../../connect');

/** What the sink runs by: the jars of Kafka Connect, and the folders in which it looks for plug-ins. */
export interface SinkPrograms {
  readonly connectJars: string;
  readonly pluginFolders: readonly string[];
}

export const sinkVersions = {
  'Kafka Connect': '4.3.1',
  'Debezium JDBC sink': '3.6.0.Final',
  'Apicurio Avro converter': '2.6.13.Final',
} as const;

const connect = (java: string): Artifact => ({
  name: 'kafka-connect',
  version: sinkVersions['Kafka Connect'],
  digest: '2fd4e8601bf9ee71c62e5cd9aa3c7373aacca100a348d761447b9e43122db993',
  fetch: (folder) => dependencies('connect', folder, java),
});

const converter = (java: string): Artifact => ({
  name: 'apicurio-avro-converter',
  version: sinkVersions['Apicurio Avro converter'],
  digest: 'f0b4d6010b324d8831d1a534982b007a186851cdafb688cdfbe79e92fd57eede',
  fetch: (folder) => dependencies('converter', folder, java),
  unpack: async (folder) => {
    const plugin = join(folder, 'avro-converter');
    const jars = await readdir(folder);
    await mkdir(plugin);
    for (const jar of jars) await rename(join(folder, jar), join(plugin, jar));
    await dropWhatConnectBrings(plugin);
  },
});

const debezium = (java: string): Artifact => {
  const version = sinkVersions['Debezium JDBC sink'];
  return {
    name: 'debezium-connector-jdbc',
    version,
    digest: '66401e70a516a17dae32832117e39c172b7d250f69daade5ac8bccec0497ebfd',
    fetch: (folder) => {
      const artifact = `io.debezium:debezium-connector-jdbc:${version}:tar.gz:plugin`;
      const args = [`-DoutputDirectory=${folder}`, `-Dartifact=${artifact}`];
      return runMaven(`Debezium JDBC sink ${version}`, 'copy', args, java);
    },
    unpack: async (folder) => {
      const archive = join(folder, `debezium-connector-jdbc-${version}-plugin.tar.gz`);
      await run('tar', ['-xzf', archive, '-C', folder]);
      await rm(archive);
      await dropWhatConnectBrings(join(folder, 'debezium-connector-jdbc'));
    },
  };
};

const dependencies = (name: string, folder: string, java: string): Promise<void> => {
  const pom = join(poms, `${name}.pom.xml`);
  const args = ['-f', pom, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  return runMaven(name, 'copy-dependencies', args, java);
};

/** A plug-in shares these classes with the worker. */
async function dropWhatConnectBrings(folder: string): Promise<void> {
  const shared = /^(?:connect-(?:api|json)|kafka-clients|slf4j-api)-.*\.jar$/;
  for (const jar of await readdir(folder)) if (shared.test(jar)) await rm(join(folder, jar));
}

/** First line of what the program says of itself. */
export const javaVersion = async (java: string): Promise<string> =>
  (await run(java, ['--version'])).stdout.split('\n')[0] ?? 'unknown';

/** The programs of the sink, downloaded where they are missing and that is allowed; else undefined. Raises DOWNLOAD_FAILED. */
export async function obtainSink(
  java: string,
  mayDownload: boolean,
): Promise<SinkPrograms | undefined> {
  const cache = cacheFolder(process.env);
  const folders: string[] = [];
  for (const artifact of [connect(java), debezium(java), converter(java)]) {
    if (!mayDownload && !(await isObtained(artifact, cache))) return undefined;
    folders.push(await obtain(artifact, cache, () => undefined));
  }
  const [connectJars = '', ...pluginFolders] = folders;
  return { connectJars, pluginFolders };
}
