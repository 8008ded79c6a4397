import type { Sealed, Envelope } from '@samspill/contracts';
import { SamspillError, type Position, type Pseudonym } from '@samspill/kernel';
import { openSealed, type KeyClient, type KeyOutcome } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import { rejected } from './decode-batch.ts';
import type { Decoded, DecodedEvent, Ignored, Rejected } from './decode-batch.ts';
import { openGate, type Gates } from './gate.ts';
import type { LoggedEvent, Projection } from './projection.ts';
import type { Row } from './table.ts';

/** An event with its rows, ready to be written. */
export interface Projected {
  readonly kind: 'projected';
  readonly patient: Pseudonym;
  readonly record: Position;
  readonly event: LoggedEvent;
  readonly rows: readonly Row[];
}

/** An event without rows: the vault said why, or it was not asked since the patient's gate was closed. */
export interface Unopened {
  readonly kind: 'withheld' | 'shredded' | 'closed';
  readonly patient: Pseudonym;
  readonly record: Position;
}

export type Judged = Projected | Unopened | Rejected | Ignored;

/**
 * Opens and projects events before the transaction begins; each key of the batch is asked for once, and none where the
 * gates, as they were just read, are closed.
 * Rejects with KEY_VAULT_UNAVAILABLE when a key is missing for any other reason than one that the vault states.
 */
export async function openBatch(
  { wire, keys, projection }: { wire: WireFormat; keys: KeyClient; projection: Projection },
  decoded: readonly Decoded[],
  gates: Gates,
): Promise<Judged[]> {
  const judged = decoded.map((one) => judgeUnopened(projection, one, gates));
  const sealed = judged.filter((one) => one.kind === 'event');
  const outcomes = await keyOutcomes(keys, projection.product.name, sealed);

  try {
    return judged.map((one) => {
      if (one.kind !== 'event') return one;
      const found = outcomes.get(one);
      switch (found?.outcome) {
        case 'key':
          return openOne(wire, projection, one, found.key);
        case 'withheld':
        case 'shredded':
          return { kind: found.outcome, patient: one.patient, record: one.record };
        case 'unavailable':
        case undefined:
          throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: found?.reason ?? 'no answer' });
      }
    });
  } finally {
    // They are copies of our own.
    for (const found of outcomes.values()) if (found?.outcome === 'key') found.key.fill(0);
  }
}

/** The same for a projection that reads clear fields alone. */
export const projectClear = (projection: Projection, decoded: readonly Decoded[]): Judged[] =>
  decoded.map((one) => (one.kind === 'event' ? project(projection, one, undefined) : one));

/** What can be said without a key; the event itself where one is needed. */
function judgeUnopened(projection: Projection, one: Decoded, gates: Gates): Judged | DecodedEvent {
  if (one.kind !== 'event') return one;
  const { patient, record, type, keyVersion } = one;
  const gate = gates.get(patient) ?? openGate;
  if (gate.state !== 'open') return { kind: 'closed', patient, record };
  if (type.sealed === undefined || projection.on[type.name] === undefined) {
    return project(projection, one, undefined);
  }
  return keyVersion <= gate.shreddedVersion ? { kind: 'shredded', patient, record } : one;
}

/** What became of the key of each event; one key of several events is asked for once. */
async function keyOutcomes(
  keys: KeyClient,
  product: string,
  events: readonly DecodedEvent[],
): Promise<Map<DecodedEvent, KeyOutcome | undefined>> {
  const sharing = Map.groupBy(events, ({ patient, keyVersion }) => `${patient}.${keyVersion}`);
  if (sharing.size === 0) return new Map();
  const groups = [...sharing.values()];
  const wanted = groups.flatMap(([one]) =>
    one === undefined ? [] : { patient: one.patient, version: one.keyVersion },
  );
  const outcomes = await keys.openingKeys(product, wanted);
  return new Map(groups.flatMap((group, at) => group.map((one) => [one, outcomes[at]] as const)));
}

function openOne(wire: WireFormat, projection: Projection, one: DecodedEvent, key: Buffer): Judged {
  try {
    const clear = one.clear as { envelope: Envelope; sealed: Sealed };
    // The clear record of a sealed event has these fields (schema check).
    const type = one.type as Parameters<typeof openSealed>[2];
    return project(projection, one, openSealed(wire, one.record, type, clear, key));
  } catch (error) {
    if (!(error instanceof SamspillError) || error.retriable) throw error;
    return rejected(one.record, one.patient, error.code);
  }
}

function project(projection: Projection, one: DecodedEvent, content: unknown): Judged {
  const { record, patient, id, type, clear, keyVersion } = one;
  const handler = projection.on[type.name];
  if (handler === undefined) return { kind: 'ignored', record, patient: undefined };
  const { topic, partition, offset } = record;
  const position = { topic, partition, offset };
  const event = { id, name: type.name, patient, position, keyVersion, clear, content };
  let rows: readonly Row[];
  try {
    rows = handler(event);
  } catch {
    // The cause stays behind: it could quote what the event says.
    return rejected(record, patient, 'EVENT_NOT_PROJECTED');
  }
  for (const { table } of rows) {
    // Rows of a table that the projection does not name would outlive a closed grant.
    if (!projection.tables.includes(table)) {
      throw new TypeError(`projection ${projection.name} does not name its table ${table.name}`);
    }
  }
  return { kind: 'projected', patient, record: position, event, rows };
}
