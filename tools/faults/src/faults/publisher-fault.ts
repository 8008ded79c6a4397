import type { Fault } from './fault.ts';

/** The next process of the publisher begins with what this one left open, the very same. */
export const killPublisher: Fault = {
  name: 'kill-publisher',
  areas: ['publisher'],
  lastsMs: [500, 1_000],
  inject: ({ workload }) => {
    workload.killPublisher();
    return Promise.resolve({ detail: 'publisher', heal: () => Promise.resolve() });
  },
};
