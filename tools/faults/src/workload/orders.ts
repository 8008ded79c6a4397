import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '@samspill/testing';
import type { History } from '../history/history.ts';
import type { OrderAction } from '../history/history-line.ts';
import type { FaultMesh } from '../mesh/fault-mesh.ts';
import { giveOrder } from './give-order.ts';
import type { Person } from './people.ts';
import type { Running } from './running.ts';

const retryMs = 500;

export interface OrdererOptions {
  readonly person: Person;
  readonly mesh: Pick<FaultMesh, 'urls'>;
  readonly history: History;
  readonly random: SeededRandom;
  /** Between two orders. */
  readonly everyMs: number;
  /** Before and after a shred. */
  readonly onShred: () => void;
}

/**
 * Gives the orders about one person, each again until a key vault has answered it. Grants close and open in turn, so that
 * some end closed and some open.
 */
export function orderer(options: OrdererOptions): Running {
  const { person, mesh, history, random, everyMs, onShred } = options;
  const stopping = new AbortController();
  const abandoned = new AbortController();
  let given = 0;
  let calls = 0;

  const carryOut = async (action: OrderAction): Promise<void> => {
    given += 1;
    const order = `${action}/${person.number}/${given}`;
    const about = { order, action, patient: person.pseudonym };
    while (!abandoned.signal.aborted) {
      const instance = calls % mesh.urls['key-vault'].length;
      calls += 1;
      history.write({ kind: 'order', ...about, via: `key-vault-${instance + 1}` });
      const answer = await giveOrder(mesh.urls['key-vault'][instance] ?? '', action, person);
      history.write({
        kind: answer.isDone ? 'ordered' : 'order-unknown',
        ...about,
        answer: answer.text,
      });
      if (answer.isDone) return;
      await pause(retryMs);
    }
  };

  const ended = (async () => {
    for (let turn = 0; ; turn += 1) {
      const waited = pause(everyMs * (0.3 + 1.4 * random.next()), undefined, {
        signal: stopping.signal,
      });
      await waited.catch(() => undefined);
      if (stopping.signal.aborted) return;
      if (person.orders === 'shreds') {
        onShred();
        await carryOut('shred');
        onShred();
      } else {
        await carryOut(turn % 2 === 0 ? 'close' : 'open');
      }
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
    abandon: () => abandoned.abort(),
  };
}
