import type { Provider, Type } from '@nestjs/common';
import { systemClock } from '@samspill/kernel';
import type { Registry } from 'prom-client';
import { oneAtATime } from '../one-at-a-time.ts';
import { EventsController } from './events.controller.ts';
import { LagController } from './lag.controller.ts';
import { LagWatch, OPERATED_LAG } from './lag-watch.ts';
import { observeReadModels } from './operations-metrics.ts';
import { OPERATIONS, type Operations } from './operations.ts';
import { ParkedController } from './parked.controller.ts';
import { RebuildController } from './rebuild.controller.ts';

/** Ages are as exact as this. */
const lookEveryMs = 1_000;

/** What operators see and order of a service's read models, ready for Nest. */
export interface OpenOperations {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  close(): void;
}

/** Opens the routes below `/operations` and the gauges of the read models. */
export function openOperations(operations: Operations, metrics: Registry): OpenOperations {
  const watch = new LagWatch(operations, systemClock);
  const look = oneAtATime(async () => {
    const at = systemClock();
    const standings = await watch.look();
    operations.onLook?.(standings, at);
  });
  // What is away is seen at the next look; until then ages are not known.
  const looking = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  observeReadModels(metrics, operations, watch);
  return {
    controllers: [EventsController, LagController, ParkedController, RebuildController],
    providers: [
      { provide: OPERATIONS, useValue: operations },
      { provide: OPERATED_LAG, useValue: watch },
    ],
    close: () => clearInterval(looking),
  };
}
