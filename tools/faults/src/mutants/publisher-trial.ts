import { until } from '@samspill/testing';
import { collectEvidence } from '../evidence/collect-evidence.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Person } from '../workload/people.ts';
import { publisherWriter } from '../workload/publisher-writer.ts';
import { trialWithinMs, type TrialGround } from './consumer-trial.ts';
import { counting } from './counting.ts';
import { mutantSetting, plantMutant } from './mutant.ts';

/** A publisher in a process of its own, with people of its own. */
export interface PublisherTrial {
  /** Resolves when so many more of its operations are acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** Resolves when so many more are acknowledged, or the outcome of one is unknown. */
  acknowledgedOrUnclear(count: number): Promise<void>;
  /** Kills the process; it is started again. */
  kill(): void;
  /** Ends it; of its own people alone. */
  evidence(): Promise<Evidence>;
}

export async function publisherTrial(
  { mesh, history, number, endings, people }: TrialGround & { readonly people: readonly Person[] },
  mutant: string | undefined,
): Promise<PublisherTrial> {
  const own = new Set<string>(people.map(({ pseudonym }) => pseudonym));
  const counted = counting(history);
  const writer = publisherWriter({
    name: `trial-${number}`,
    mesh,
    people,
    history: counted,
    known: new Map(),
    everyMs: 20,
    ...(mutant !== undefined && {
      preload: plantMutant,
      env: { [mutantSetting]: mutant },
    }),
  });
  endings.push(() => {
    const ended = writer.stop();
    writer.abandon();
    return ended;
  });
  const acknowledged = async (count: number): Promise<void> => {
    const wanted = counted.countOf('ok') + count;
    await until(
      `${wanted} are acknowledged`,
      trialWithinMs,
      () => Promise.resolve(counted.countOf('ok')),
      (acknowledgedOnes) => acknowledgedOnes >= wanted,
    );
  };
  await acknowledged(1);
  return {
    acknowledged,
    acknowledgedOrUnclear: async (count) => {
      const unclear = counted.countOf('info');
      const wanted = counted.countOf('ok') + count;
      await until(
        `${wanted} are acknowledged or one is unclear`,
        trialWithinMs,
        () => Promise.resolve(counted.countOf('ok') >= wanted || counted.countOf('info') > unclear),
        Boolean,
      );
    },
    kill: () => writer.kill(),
    evidence: async () => {
      await writer.stop();
      return ofPeople(await collectEvidence({ mesh, history, followed: [] }), own);
    },
  };
}

/** What others did, and what was done to them, is left out; and so is what is made of the log. */
function ofPeople(evidence: Evidence, own: ReadonlySet<string>): Evidence {
  const history = evidence.history.filter((line) => 'patient' in line && own.has(line.patient));
  const ids = new Set(history.flatMap((line) => (line.kind === 'ok' ? [line.eventId] : [])));
  const log = evidence.log.filter(({ key, eventId }) => own.has(key) || ids.has(eventId));
  return { ...evidence, history, log };
}
