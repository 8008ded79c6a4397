import {
  keyVault,
  type GrantClosed,
  type GrantOpened,
  type KeyShredded,
} from '@samspill/contracts';
import { formatPosition, type Pseudonym } from '@samspill/kernel';
import type { Decoded, Rejected } from './decode-batch.ts';
import { openGate, type Gate, type Gates } from './gate.ts';
import type { OutcomeKind } from './plan.ts';

/** Whose grants a read model follows. */
export interface Following {
  /** Client id of the app. */
  readonly consumer: string;
  /** Name of the data product. */
  readonly product: string;
  /** False: destroyed keys alone count, grants do not (design D14). */
  readonly opens: boolean;
}

/** What a chunk of the patient state comes to. */
export interface StateChange {
  readonly gates: Map<Pseudonym, Gate>;
  /** Patients whose rows go, all of them. */
  readonly retracted: Set<Pseudonym>;
  /** Highest destroyed key version. */
  readonly shredded: Map<Pseudonym, { readonly keyVersion: number; readonly position: string }>;
  /** Patients whose cached keys are not used again. */
  readonly evicted: Set<Pseudonym>;
  readonly counts: Map<OutcomeKind, number>;
  readonly rejected: Rejected[];
}

type Transition = (gate: Gate, position: string) => Gate;

const opened =
  (isFresh: boolean): Transition =>
  (gate, position) => {
    if (gate.state === 'withheld') {
      return { ...gate, state: isFresh ? 'open' : 'catching-up', reason: 'granted', position };
    }
    // The newest grant is remembered, so that an older answer of the vault does not overrule it.
    return gate.state === 'parked' ? gate : { ...gate, position };
  };

/**
 * Applies what the key vault said, in its order, to the gates as they stand under the locks. Pure. `isFresh`: nothing of
 * the product has been read yet, so that nobody has missed anything.
 */
export function foldPatientState(
  decoded: readonly Decoded[],
  following: Following,
  gates: Gates,
  isFresh = false,
): StateChange {
  const change: StateChange = {
    gates: new Map(),
    retracted: new Set(),
    shredded: new Map(),
    evicted: new Set(),
    counts: new Map(),
    rejected: [],
  };
  const move = (patient: Pseudonym, one: Decoded, transition: Transition): void => {
    const gate = change.gates.get(patient) ?? gates.get(patient) ?? openGate;
    change.gates.set(patient, transition(gate, formatPosition(one.record)));
  };
  const count = (kind: OutcomeKind): void =>
    void change.counts.set(kind, (change.counts.get(kind) ?? 0) + 1);

  for (const one of decoded) {
    const fact = factOf(one, following);
    const { patient } = one;
    if (one.kind === 'rejected') change.rejected.push(one);
    if (fact === undefined || patient === undefined) {
      count(one.kind === 'rejected' ? 'rejected' : 'ignored');
      continue;
    }
    count(fact.name === 'unreadable' ? 'rejected' : 'applied');
    switch (fact.name) {
      case 'opened':
        move(patient, one, opened(isFresh));
        break;
      case 'closed':
        move(patient, one, (gate, position) => ({
          ...gate,
          state: 'withheld',
          fromOffset: 0,
          reason: fact.cause,
          position,
        }));
        change.retracted.add(patient);
        change.evicted.add(patient);
        break;
      case 'shredded': {
        const known = change.shredded.get(patient)?.keyVersion ?? 0;
        const keyVersion = Math.max(known, fact.keyVersion);
        change.shredded.set(patient, { keyVersion, position: formatPosition(one.record) });
        change.evicted.add(patient);
        break;
      }
      case 'unreadable':
        // It may have been an order to stop, so nothing more is written until it has been looked at, and all then anew.
        move(patient, one, (gate, position) => ({
          ...gate,
          state: 'parked',
          fromOffset: 0,
          reason: fact.code,
          position,
        }));
        break;
    }
  }
  return change;
}

/** False when the record is about other consumers, products or nobody: then nothing has to wait for it. */
export const concerns = (following: Following, one: Decoded): boolean =>
  one.patient !== undefined && factOf(one, following) !== undefined;

type Fact =
  | { readonly name: 'opened' }
  | { readonly name: 'closed'; readonly cause: string }
  | { readonly name: 'shredded'; readonly keyVersion: number }
  | { readonly name: 'unreadable'; readonly code: string };

/** What a record says about this read model; undefined when it is about others. */
function factOf(one: Decoded, { consumer, product, opens }: Following): Fact | undefined {
  if (one.kind === 'rejected') return opens ? { name: 'unreadable', code: one.code } : undefined;
  if (one.kind === 'ignored') return undefined;
  const { GrantOpened, GrantClosed, KeyShredded } = keyVault.events;
  if (one.type.fullName === KeyShredded.fullName) {
    const { product: of, keyVersion } = one.clear as KeyShredded;
    return of === product ? { name: 'shredded', keyVersion } : undefined;
  }
  if (!opens) return undefined;
  if (one.type.fullName === GrantOpened.fullName) {
    const grant = one.clear as GrantOpened;
    return grant.consumer === consumer && grant.product === product
      ? { name: 'opened' }
      : undefined;
  }
  if (one.type.fullName === GrantClosed.fullName) {
    const grant = one.clear as GrantClosed;
    if (grant.consumer !== consumer || grant.product !== product) return undefined;
    return { name: 'closed', cause: grant.cause };
  }
  return undefined;
}
