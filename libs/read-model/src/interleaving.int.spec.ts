import type { Pseudonym } from '@samspill/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mendedReadings, readings } from './sample/projections.ts';
import { TriedApp, partitionCount, patients } from './sample/tried-app.ts';
import { openWard, startServers, type Servers } from './sample/ward.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

type Act = (app: TriedApp, patient: Pseudonym, index: number) => void | Promise<void>;

/** By name, with how often it comes. */
type Acts = Record<string, readonly [weight: number, act: Act]>;

const recordSome: Act = async (app, patient, index) => {
  for (let n = 0; n <= index % 10; n += 1) await app.record(patient);
};
const closeAndOpen: Act = (app, patient) => {
  app.close(patient);
  app.open(patient);
};
/** May also come while somebody is caught up. */
const acts: Acts = {
  'record what the projection refuses': [
    1,
    (app, patient) => app.record(patient, { value: 'unexpected' }),
  ],
  'record what the database refuses': [1, (app, patient) => app.record(patient, { note: 'a\0b' })],
  repeat: [3, (app, _, index) => app.repeat(index)],
  'seal again': [2, (app, patient, index) => app.sealAgain(patient, index)],
  shred: [
    1,
    (app, patient) => {
      app.shred(patient);
      app.say();
    },
  ],
  'shred and say so later': [
    2,
    (app, patient, index) => {
      app.shred(patient);
      return app.sealAgain(patient, index);
    },
  ],
  say: [2, (app) => app.say()],
  close: [3, (app, patient) => app.close(patient)],
  open: [5, (app, patient) => app.open(patient)],
  'close and open': [5, closeAndOpen],
  requeue: [2, (app, patient) => app.requeue({ patients: [patient] })],
  'record some': [5, recordSome],
};
const actsNow: Acts = {
  'record some': [14, recordSome],
  restart: [1, (app, _, index) => app.restart(index % 2)],
  cut: [1, (app) => app.cut()],
  'vault away': [1, (app) => app.vaultIsAway(true)],
  'vault back': [2, (app) => app.vaultIsAway(false)],
  settle: [4, (app) => app.settled()],
};
const oneOf = (some: Acts): fc.Arbitrary<string> =>
  fc.oneof(
    ...Object.entries(some).map(([name, [weight]]) => ({ weight, arbitrary: fc.constant(name) })),
  );
const index = fc.nat({ max: 1_000 });
const step = fc.oneof(
  fc.tuple(oneOf({ ...acts, ...actsNow }), index, fc.constant('now' as const)),
  fc.tuple(oneOf(acts), index, fc.constant('meanwhile' as const)),
);

it('whatever comes in whatever order, the read model is what a fold of the log comes to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 100 }), async (steps) => {
      const ward = await openWard(servers, partitionCount, 7);
      try {
        const app = new TriedApp(ward, readings);
        await app.restartAll();
        for (const [name, index, when] of steps) {
          const patient = patients[index % patients.length] as Pseudonym;
          const [, does] = actsNow[name] ?? acts[name] ?? [];
          const act = () => does?.(app, patient, index);
          if (when === 'now') await act();
          else app.meanwhile(act);
        }
        await app.settled();
        await app.happenAll();
        await app.settled();
        // Whoever was parked behind an event that was shredded since has to be looked at again.
        await app.requeue({ all: true });
        await app.settled();
        expect(await app.held()).toEqual(await app.folded({ mended: false }));

        await app.restartAll(mendedReadings);
        await app.requeue({ all: true });
        await app.settled();
        expect(await app.held()).toEqual(await app.folded({ mended: true }));

        app.openAll();
        await app.settled();
        expect(await app.held()).toEqual(await app.folded({ mended: true }));
      } finally {
        await ward.close();
      }
    }),
    // Without shrinking: a run takes seconds, and the seed says which it was.
    { numRuns: 12, endOnFailure: true },
  );
}, 240_000);
