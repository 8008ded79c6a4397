import type { Issue } from '@samspill/fhir';
import { SamspillError, type Clock, type EventId, type Position } from '@samspill/kernel';
import type { KeyClient } from '@samspill/privacy';
import { decide, hangsOnSourceTime, type HeldVersion, type MeasurementCommand } from './decide.ts';
import { KeyTurns } from './ledger/key-turns.ts';
import type { FormerContent, Ledger } from './ledger/ledger.ts';
import type { RecentEvents } from './ledger/recent-events.ts';
import { UnsettledKeys } from './ledger/unsettled-keys.ts';
import { planEvents, type PlannedEvent, type Sender } from './measurement-event.ts';
import {
  nameMeasurements,
  product,
  type NamedMeasurement,
  type SubmittedMeasurement,
} from './named-measurement.ts';
import { publishPlanned, type PublishParts } from './publish-planned.ts';

/** What became of a measurement. `unknown`: the log did not answer in time; a resend is the same event. */
export type Taken =
  | {
      readonly outcome: 'published' | 'held';
      readonly status: 200 | 201;
      readonly version: HeldVersion;
      /** Of all that was published for it, or of what is held. */
      readonly positions: readonly Position[];
    }
  | { readonly outcome: 'refused'; readonly status: 409 | 410; readonly issue: Issue }
  | { readonly outcome: 'unknown' };

export interface Intake {
  /**
   * Takes in measurements of one call, in order, and answers for each. Rejects for the call as a whole only before
   * anything was published: KEY_VAULT_UNAVAILABLE, DATABASE_UNAVAILABLE, POSITION_NOT_REACHED, EVENT_LOG_UNAVAILABLE,
   * EVENT_LOG_OVERLOADED.
   */
  take(sent: readonly SubmittedMeasurement[], sender: Sender): Promise<Taken[]>;
}

export interface IntakeParts extends PublishParts {
  readonly keys: KeyClient;
  readonly ledger: Ledger;
  /** Empty at the start of the process. */
  readonly recent: RecentEvents;
  readonly clock: Clock;
}

/** A decision with its events; `held` answers with a version that may be one of these events. */
type Outcome =
  | {
      readonly outcome: 'publish';
      readonly status: 200 | 201;
      readonly events: readonly PlannedEvent[];
    }
  | { readonly outcome: 'held'; readonly version: HeldVersion }
  | { readonly outcome: 'refused'; readonly status: 409 | 410; readonly issue: Issue };

/**
 * Decides on a ledger that lags behind the log (tools/docs/adr/0005): one call at a time on a natural key, and on what
 * the log holds when the key is known or the command changes something.
 */
export function intake(parts: IntakeParts): Intake {
  const { keys, ledger, recent, clock } = parts;
  const turns = new KeyTurns();
  const unsettled = new UnsettledKeys();
  const indexKey = onceKnown(() => keys.indexKey(product));

  const remember = ({ named, version }: PlannedEvent, position: Position | undefined): void => {
    if (position !== undefined) recent.remember(named.naturalKey, { ...version, position });
  };

  const assertSettled = (naturalKeys: readonly string[]): void => {
    if (!naturalKeys.some((key) => unsettled.has(key))) return;
    const place = 'a measurement of this call, an earlier event of which is still being sent';
    throw new SamspillError('EVENT_LOG_UNAVAILABLE', { place });
  };

  const heldNow = async (
    naturalKeys: readonly string[],
  ): Promise<Map<string, readonly HeldVersion[]>> => {
    const known = await ledger.held(naturalKeys);
    return new Map(naturalKeys.map((key) => [key, recent.complete(key, known.get(key) ?? [])]));
  };

  const heldFor = async (named: readonly NamedMeasurement[], naturalKeys: readonly string[]) => {
    const held = await heldNow(naturalKeys);
    const changes = named.some(({ sent }) => sent.intent !== 'record');
    if (!changes && [...held.values()].every((versions) => versions.length === 0)) return held;
    await ledger.caughtUp();
    return heldNow(naturalKeys);
  };

  return {
    take: async (sent, sender) => {
      if (sent.length === 0) return [];
      const nameKey = await indexKey();
      const named = await nameMeasurements(sent, keys, nameKey);
      const naturalKeys = [
        ...new Set(
          named.flatMap(({ naturalKey, conditionKey }) => [naturalKey, conditionKey ?? naturalKey]),
        ),
      ];
      return turns.run(naturalKeys, async () => {
        assertSettled(naturalKeys);
        const held = await heldFor(named, naturalKeys);
        const former = await formerContents(ledger, named, held);
        const nowMs = clock().getTime();
        const outcomes = named.map((one) => decideOne(one, held, former, nameKey, nowMs));
        const events = outcomes.flatMap(eventsOf);
        const { positions, late } = await publishPlanned(parts, events, sender, former);
        for (const event of events) remember(event, positions.get(event.version.eventId));
        if (late !== undefined) {
          const keysOfLate = late.events.map((event) => event.named.naturalKey);
          const remembered = late.positions.then((acknowledged) =>
            late.events.forEach((event, at) => remember(event, acknowledged[at])),
          );
          unsettled.hold(keysOfLate, remembered);
        }
        return outcomes.map((outcome) => takenOf(outcome, positions));
      });
    },
  };
}

/** What never changes is asked for until it was answered once. */
function onceKnown<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    const asked = (known ??= ask());
    asked.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked;
  };
}

/** Contents of current versions that a correction replaces, or whose source time decides: one query. */
async function formerContents(
  ledger: Ledger,
  named: readonly NamedMeasurement[],
  held: ReadonlyMap<string, readonly HeldVersion[]>,
): Promise<ReadonlyMap<EventId, FormerContent>> {
  const wanted = named.flatMap((one) => {
    const versions = held.get(one.naturalKey) ?? [];
    const current = versions.at(-1);
    const matters =
      one.sent.intent === 'correct' || hangsOnSourceTime(commandOf(one, undefined), versions);
    return current !== undefined && matters ? [current] : [];
  });
  return wanted.length === 0 ? new Map() : ledger.formerContents(wanted);
}

/** Decides one command and lets the next one of its key see what it did. */
function decideOne(
  named: NamedMeasurement,
  held: Map<string, readonly HeldVersion[]>,
  former: ReadonlyMap<EventId, FormerContent>,
  indexKey: Buffer,
  nowMs: number,
): Outcome {
  const versions = (held.get(named.naturalKey) ?? []).map((version) => ({
    ...version,
    sourceUpdatedAtMs: version.sourceUpdatedAtMs ?? former.get(version.eventId)?.sourceUpdatedAtMs,
  }));
  // A source whose measurements have URLs names them by identifier in the condition: then its own key is asked too.
  const found =
    named.conditionKey === undefined
      ? undefined
      : [held.get(named.conditionKey)?.at(-1), versions.at(-1)].find(isInForce);
  const decision = decide(commandOf(named, found), versions);
  if (decision.outcome !== 'publish') return decision;
  const events = planEvents(named, decision.facts, versions.at(-1), indexKey, nowMs);
  held.set(named.naturalKey, [...versions, ...events.map(({ version }) => version)]);
  return { outcome: 'publish', status: decision.status, events };
}

const isInForce = (version: HeldVersion | undefined): boolean =>
  version !== undefined && !version.retracted && !version.erased;

const commandOf = (
  { sent, patients, contentMark }: NamedMeasurement,
  found: HeldVersion | undefined,
): MeasurementCommand => ({
  intent: sent.intent,
  marked: sent.marked,
  patients,
  contentMark,
  sourceUpdatedAtMs: sent.sourceUpdatedAtMs,
  found,
});

const eventsOf = (outcome: Outcome): readonly PlannedEvent[] =>
  outcome.outcome === 'publish' ? outcome.events : [];

/** An answer about events of this call stands on their acknowledgement. */
function takenOf(outcome: Outcome, positions: ReadonlyMap<EventId, Position>): Taken {
  switch (outcome.outcome) {
    case 'refused':
      return outcome;
    case 'held': {
      const position = outcome.version.position ?? positions.get(outcome.version.eventId);
      if (position === undefined) return { outcome: 'unknown' };
      return { ...outcome, status: 200, positions: [position] };
    }
    case 'publish': {
      const { status, events } = outcome;
      const own = events.flatMap(({ version }) => positions.get(version.eventId) ?? []);
      const version = events.at(-1)?.version;
      if (version === undefined || own.length < events.length) return { outcome: 'unknown' };
      return { outcome: 'published', status, version, positions: own };
    }
  }
}
