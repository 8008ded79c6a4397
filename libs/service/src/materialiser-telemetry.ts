import type { MaterialiserOptions, OutcomeKind, Projection } from '@samspill/read-model';
import { Counter, type Registry } from 'prom-client';
import { processMetrics } from './messaging-metrics.ts';

type Hooks = Required<Pick<MaterialiserOptions, 'onOutcome' | 'onChunk' | 'onCaughtUp'>>;

/** What opening a sealed event comes to (design D5). */
type OpeningOutcome = 'opened' | 'withheld' | 'shredded' | 'unavailable';

/** What a service's materialisers count, once a chunk; no label names a patient. */
export function materialiserTelemetry(registry: Registry): (projection: Projection) => Hooks {
  const registers = [registry];
  const records = new Counter({
    name: 'materialiser_records_total',
    help: 'Records of the log by what became of them; held counts each try.',
    labelNames: ['projection', 'outcome'],
    registers,
  });
  const openings = new Counter({
    name: 'materialiser_openings_total',
    help: 'Sealed events by what opening them came to; withheld also where a gate was closed already, unavailable counts each try.',
    labelNames: ['projection', 'outcome'],
    registers,
  });
  const caughtUp = new Counter({
    name: 'materialiser_caught_up_records_total',
    help: 'Records that were read again for patients who missed them, by what became of them.',
    labelNames: ['projection', 'outcome'],
    registers,
  });
  const opened = new Counter({
    name: 'materialiser_gates_opened_total',
    help: 'Gates that opened since their patient had caught up.',
    labelNames: ['projection'],
    registers,
  });
  const processed = processMetrics(registry);

  return ({ name: projection, opens, product }) => {
    // There from the start, so that the first of a kind is seen as a rise.
    for (const outcome of outcomes) records.inc({ projection, outcome }, 0);
    if (opens) for (const outcome of openingOutcomes) openings.inc({ projection, outcome }, 0);

    const countOpenings = (counts: ReadonlyMap<OutcomeKind, number>): void => {
      if (!opens) return;
      for (const [kind, count] of counts) {
        const outcome = openingOf(kind);
        if (outcome !== undefined) openings.inc({ projection, outcome }, count);
      }
    };
    return {
      onOutcome: (outcome, count, heldFor) => {
        records.inc({ projection, outcome }, count);
        if (heldFor !== 'KEY_VAULT_UNAVAILABLE') return;
        openings.inc({ projection, outcome: 'unavailable' }, count);
      },
      onChunk: (chunk) => {
        processed(chunk);
        // The patient state is not sealed.
        if (chunk.topic === product.topic) countOpenings(chunk.counts);
      },
      onCaughtUp: (chunk) => {
        for (const [outcome, count] of chunk.counts) caughtUp.inc({ projection, outcome }, count);
        countOpenings(chunk.counts);
        opened.inc({ projection }, chunk.opened);
      },
    };
  };
}

const openingOutcomes: readonly OpeningOutcome[] = [
  'opened',
  'withheld',
  'shredded',
  'unavailable',
];
const unopened: readonly OutcomeKind[] = ['ignored', 'rejected', 'parked', 'held'];
const outcomes: readonly OutcomeKind[] = ['applied', 'withheld', 'shredded', ...unopened];

/** Undefined where nothing was opened. */
function openingOf(kind: OutcomeKind): OpeningOutcome | undefined {
  if (kind === 'applied') return 'opened';
  return kind === 'withheld' || kind === 'shredded' ? kind : undefined;
}
