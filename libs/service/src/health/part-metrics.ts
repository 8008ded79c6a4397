import type { Registry } from 'prom-client';
import { askedGauges } from '../asked-gauges.ts';
import type { Health } from './health.controller.ts';

/** Which of its parts a service cannot answer without, and whether they are there: what `/health/ready` says. */
export function observeParts(registry: Registry, { parts }: Pick<Health, 'parts'>): void {
  const look = (): Promise<(readonly [part: string, isUp: boolean])[]> =>
    Promise.all(
      [...parts].map(async ([name, part]) => [name, (await part.state()).status === 'up'] as const),
    );
  askedGauges(
    registry,
    look,
  )({
    name: 'service_part_up',
    help: 'Parts that the service needs to answer: 1 up, 0 down. Ready is a service whose parts are all up.',
    labels: ['part'],
    fill: (of, states) => {
      for (const [part, isUp] of states) of.set({ part }, isUp ? 1 : 0);
    },
  });
}
