import { setTimeout as pause } from 'node:timers/promises';
import { wardScreen, type SeededRandom } from '@samspill/testing';
import { historyNow, type History } from '../history/history.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import type { KnownWrites } from './known-writes.ts';
import type { Person } from './people.ts';
import type { Running } from './running.ts';

/** Longer than a ward waits for a position. */
const timeoutMs = 8_000;
/** Of the reads that wait for a write. */
const waitingShare = 0.4;

export interface ReaderOptions {
  readonly mesh: Pick<FaultMesh, 'urls'>;
  readonly people: readonly Person[];
  readonly history: History;
  readonly known: KnownWrites;
  readonly random: SeededRandom;
  readonly everyMs: number;
}

interface ShownOverview {
  readonly trends: readonly {
    readonly points: readonly { readonly value: { readonly text: string } | null }[];
  }[];
}

/** A screen that looks at one person after the other, at the instances in turn, and remembers the highest value shown. */
export function reader(options: ReaderOptions): Running {
  const { mesh, people, history, known, random, everyMs } = options;
  const screens = mesh.urls['emergency-ward'].map((url, index) => ({
    via: `emergency-ward-${index + 1}`,
    screen: wardScreen(url, timeoutMs),
  }));
  const stopping = new AbortController();
  let reads = 0;

  const read = async (): Promise<void> => {
    const person = people[random.whole(0, people.length - 1)];
    const instance = screens[reads % screens.length];
    reads += 1;
    if (person === undefined || instance === undefined) return;
    const patient = person.pseudonym;
    const write = random.chance(waitingShare) ? known.get(patient) : undefined;
    const began = historyNow();
    const about = { kind: 'read', patient, via: instance.via, began } as const;
    const after = write === undefined ? {} : { after: write.value };
    try {
      const answer = await instance.screen.overview<ShownOverview>(
        person.nationalId,
        write?.position,
      );
      const seen = answer.status === 200 ? { seen: highestOf(answer.body) } : {};
      history.write({ ...about, ...after, ...seen, status: answer.status });
    } catch {
      history.write({ ...about, ...after, status: 0 });
    }
  };

  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await read();
      await pause(everyMs * (0.5 + random.next()));
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
    // A read ends by its time-out.
    abandon: () => undefined,
  };
}

const highestOf = ({ trends }: ShownOverview): number =>
  Math.max(
    0,
    ...trends.flatMap(({ points }) => points.map(({ value }) => Number(value?.text ?? 0))),
  );
