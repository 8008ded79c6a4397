import type { Sealed, Envelope } from '@samspill/contracts';
import { SamspillError, type Position, type Pseudonym } from '@samspill/kernel';
import { openSealed, type KeyClient, type KeyOutcome } from '@samspill/privacy';
import type { WireFormat } from '@samspill/schema-registry';
import { rejected, type Decoded, type DecodedEvent } from './decode-batch.ts';
import type { Ignored, Rejected } from './decode-batch.ts';
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
 * Opens and projects events before the transaction begins; each key of the batch is asked for once. No keys are asked
 * for where the gates, as they were just read, are closed.
 * Rejects with KEY_VAULT_UNAVAILABLE when a key is missing for any other reason than one that the vault states.
 */
export async function openBatch(
  { wire, keys, projection }: { wire: WireFormat; keys: KeyClient; projection: Projection },
  decoded: readonly Decoded[],
  gates: Gates,
): Promise<Judged[]> {
  const isWanted = (one: Decoded): one is DecodedEvent =>
    one.kind === 'event' &&
    one.type.sealed !== undefined &&
    projection.on[one.type.name] !== undefined &&
    reasonNotToAsk(one, gates) === undefined;
  const outcomes = await keyOutcomes(keys, projection.product.name, decoded.filter(isWanted));

  return decoded.map((one) => {
    if (one.kind !== 'event') return one;
    const unopened = reasonNotToAsk(one, gates);
    if (unopened !== undefined) return { kind: unopened, patient: one.patient, record: one.record };
    if (!isWanted(one)) return project(projection, one, undefined);
    const found = outcomes.get(keyOf(one));
    if (found?.outcome === 'key') return openOne({ wire, projection }, one, found.key);
    if (found?.outcome === 'withheld' || found?.outcome === 'shredded') {
      return { kind: found.outcome, patient: one.patient, record: one.record };
    }
    throw new SamspillError('KEY_VAULT_UNAVAILABLE', { place: found?.reason ?? 'no answer' });
  });
}

/** The same for a projection that reads clear fields alone. */
export const projectClear = (projection: Projection, decoded: readonly Decoded[]): Judged[] =>
  decoded.map((one) => (one.kind === 'event' ? project(projection, one, undefined) : one));

function reasonNotToAsk(
  { patient, keyVersion, type }: DecodedEvent,
  gates: Gates,
): 'closed' | 'shredded' | undefined {
  const gate = gates.get(patient) ?? openGate;
  if (gate.state !== 'open') return 'closed';
  return type.sealed !== undefined && keyVersion <= gate.shreddedVersion ? 'shredded' : undefined;
}

const keyOf = ({ patient, keyVersion }: DecodedEvent): string => `${patient}.${keyVersion}`;

async function keyOutcomes(
  keys: KeyClient,
  product: string,
  events: readonly DecodedEvent[],
): Promise<Map<string, KeyOutcome>> {
  const wanted = new Map(
    events.map((one) => [keyOf(one), { patient: one.patient, version: one.keyVersion }]),
  );
  if (wanted.size === 0) return new Map();
  const outcomes = await keys.openingKeys(product, [...wanted.values()]);
  return new Map(
    [...wanted.keys()].flatMap((key, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [[key, outcome]];
    }),
  );
}

function openOne(
  { wire, projection }: { wire: WireFormat; projection: Projection },
  one: DecodedEvent,
  key: Buffer,
): Judged {
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
  if (handler === undefined || type.product !== projection.product.name) {
    return { kind: 'ignored', record, patient: undefined };
  }
  const { topic, partition, offset } = record;
  const position = { topic, partition, offset };
  const event = { id, name: type.name, patient, position, keyVersion, clear, content };
  try {
    return { kind: 'projected', patient, record: position, event, rows: handler(event) };
  } catch {
    // The cause stays behind: it could quote what the event says.
    return rejected(record, patient, 'EVENT_NOT_PROJECTED');
  }
}
