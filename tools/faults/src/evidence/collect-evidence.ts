import { dataProducts, keyVault, measurements } from '@samspill/contracts';
import { httpKeyClient } from '@samspill/privacy';
import { openWireFormat } from '@samspill/schema-registry';
import type { History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { stepsBackOf } from './checkpoint-watch.ts';
import type { Evidence } from './evidence.ts';
import { followedTables, type FollowedTable } from './followed-tables.ts';
import { orderedConsumer, orderedGrants } from './operations.ts';
import { patientStatesOf, type PatientStates } from './patient-state.ts';
import { readModelsOf, withExpected } from './read-models.ts';
import { endsOf, readTopic } from './read-topic.ts';
import { replay } from './replay.ts';

export interface EvidenceSources {
  readonly mesh: Pick<
    FaultMesh,
    'directBrokers' | 'java' | 'kafkaJars' | 'registryUrl' | 'keyVaultUrl' | 'databaseUrls'
  >;
  readonly history: Pick<History, 'lines'>;
  /** All unless told. */
  readonly followed?: readonly FollowedTable[];
}

/**
 * Collects all that the checks look at, past every proxy. Call it when the workload has ended and the read models have
 * settled. The log is read by Kafka's own consumer; it is opened with the keys of the product's owner.
 */
export async function collectEvidence({
  mesh,
  history,
  followed = followedTables,
}: EvidenceSources): Promise<Evidence> {
  // First, since the registry is the last to come back: what follows it takes long.
  const wire = await openWireFormat({ registryUrl: mesh.registryUrl, products: dataProducts });
  const lines = history.lines();
  const ends = await endsOf(mesh, [measurements.topic, keyVault.topic]);
  const endsIn = (topic: string) => ends.filter((end) => end.topic === topic);
  const records = await readTopic(mesh, measurements.topic, endsIn(measurements.topic));
  const facts = await readTopic(mesh, keyVault.topic, endsIn(keyVault.topic));
  const held = await readModelsOf(mesh.databaseUrls, followed);
  const stepsBack = await stepsBackOf(mesh.databaseUrls, followed);

  const keys = httpKeyClient({ url: mesh.keyVaultUrl, clientId: measurements.domain });
  const product = measurements.name;
  const events = await replay({ wire, keys, product }, records);
  const states = await patientStatesOf(wire, product, facts);
  return {
    history: lines,
    log: events.map(({ seen }) => seen),
    ends,
    shredded: states.shredded,
    closed: closedPatients(states, lines),
    readModels: withExpected(held, events, states.shredded),
    stepsBack,
  };
}

/** By the log; and by the orders, since one about a grant that was never open puts no fact into the log. */
function closedPatients(
  { closed }: PatientStates,
  history: Evidence['history'],
): Evidence['closed'] {
  const ordered = [...orderedGrants(history)].flatMap(([patient, action]) =>
    action === 'close' ? [patient] : [],
  );
  const byLog = closed.get(orderedConsumer) ?? [];
  return new Map([...closed, [orderedConsumer, new Set([...byLog, ...ordered])]]);
}
