import type { Fault } from './fault.ts';

/** The next process of the publisher begins by itself, with what this one left open, the very same; it takes seconds. */
export const killPublisher: Fault = {
  name: 'kill-publisher',
  areas: ['publisher'],
  lastsMs: [5_000, 10_000],
  inject: ({ workload }) => {
    workload.killPublisher();
    return Promise.resolve({ detail: 'publisher', heal: () => Promise.resolve() });
  },
};
