import type { Envelope, EventType, Sealed } from '@samspill/contracts';
import type { EventId, Pseudonym } from '@samspill/kernel';
import { openSealed, type KeyClient, type KeyOutcome } from '@samspill/privacy';
import type { LoggedEvent } from '@samspill/read-model';
import type { WireFormat } from '@samspill/schema-registry';
import type { ReplayedEvent } from './evidence.ts';
import type { ReadRecord } from './read-topic.ts';

/** An event of the log, opened where that is possible. */
export interface Replayed {
  readonly seen: ReplayedEvent;
  /** `MeasurementRecorded` */
  readonly name: string;
  readonly clear: ClearEvent;
  /** As a projection takes it; undefined when it could not be opened. */
  readonly event: LoggedEvent | undefined;
}

export interface ClearEvent {
  readonly envelope: Envelope;
  readonly measurementId: string;
  readonly sealed: Sealed;
}

/** Decodes and opens every record with the keys of the product's owner. An event that cannot be opened says why. */
export async function replay(
  { wire, keys, product }: { wire: WireFormat; keys: KeyClient; product: string },
  records: readonly ReadRecord[],
): Promise<Replayed[]> {
  await wire.learn(records.map(({ value }) => value));
  const decoded = records.map((record) => decode(wire, record));
  const outcomes = await keyOutcomes(keys, product, decoded);
  return decoded.map(({ record, type, clear }) => {
    const keyVersion = clear.sealed.keyVersion;
    const outcome = outcomes.get(`${record.key} ${keyVersion}`);
    const { topic, partition, offset, key, eventId } = record;
    const { measurementId } = clear;
    const { name } = type;
    const known = {
      topic,
      partition,
      offset,
      key,
      eventId,
      type: record.type,
      measurementId,
      keyVersion,
    };
    if (outcome?.outcome !== 'key') {
      const unopened = outcome?.outcome ?? 'no answer';
      return { seen: { ...known, n: undefined, unopened }, name, clear, event: undefined };
    }
    const logged = { ...record, id: eventId, timestampMs: 0 };
    const content = openSealed(wire, logged, type, clear, outcome.key);
    const event = {
      id: eventId as EventId,
      name,
      patient: key as Pseudonym,
      position: { topic, partition, offset },
      ...{ keyVersion, clear, content },
    };
    return { seen: { ...known, n: valueOf(content), unopened: undefined }, name, clear, event };
  });
}

interface Decoded {
  readonly record: ReadRecord;
  readonly type: Parameters<typeof openSealed>[2] & EventType;
  readonly clear: ClearEvent;
}

function decode(wire: WireFormat, record: ReadRecord): Decoded {
  const read = wire.read(record.value);
  if ('unknown' in read) throw new Error(`${record.type} is not known`);
  return { record, type: read.event, clear: read.value as ClearEvent };
}

async function keyOutcomes(
  keys: KeyClient,
  product: string,
  decoded: readonly Decoded[],
): Promise<Map<string, KeyOutcome>> {
  const wanted = new Map(
    decoded.map(({ record: { key }, clear: { sealed } }) => [
      `${key} ${sealed.keyVersion}`,
      { patient: key as Pseudonym, version: sealed.keyVersion },
    ]),
  );
  const outcomes = await keys.openingKeys(product, [...wanted.values()]);
  return new Map(
    [...wanted.keys()].map((name, index) => [
      name,
      outcomes[index] ?? { outcome: 'unavailable', reason: 'no answer' },
    ]),
  );
}

/** The operation's number: what was measured, or in a correction what is measured now. */
function valueOf(content: unknown): number | undefined {
  const { value, measurement } = content as {
    value?: { text: string };
    measurement?: { value?: { text: string } };
  };
  const text = (measurement?.value ?? value)?.text;
  return text === undefined ? undefined : Number(text);
}
