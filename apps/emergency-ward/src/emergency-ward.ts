import { systemClock } from '@samspill/kernel';
import { observationMigrations } from '@samspill/observations';
import type { KeyClient } from '@samspill/privacy';
import { materialiser, type PartitionLag, type RunningMaterialiser } from '@samspill/read-model';
import {
  keyClientOf,
  materialiserTelemetry,
  type ServiceConfig,
  type ServiceDefinition,
  type Startable,
} from '@samspill/service';
import { CAPABILITY, capability, CapabilityController } from './capability.controller.ts';
import { LAG_WATCH, LagWatch } from './lag-watch.ts';
import { ObservationSearchController } from './observation-search.controller.ts';
import { OverviewController } from './overview.controller.ts';
import { subscription } from './subscription.ts';

const name = subscription.consumer;
const schema = name.replaceAll('-', '_');
const lookEveryMs = 1_000;

/** The ward's service. `openKeys` gives the key client; the key vault over HTTP unless told. */
export const emergencyWard = (
  openKeys: (config: ServiceConfig) => KeyClient = (config) => keyClientOf(config, name),
): ServiceDefinition => ({
  name,
  port: 7412,
  refusals: 'fhir',
  migrations: [observationMigrations],
  // A form of a few parameters.
  bodyLimitBytes: 64 * 1024,
  open: ({ config, logger, metrics, eventLog, wire, pool }) => {
    const keys = openKeys(config);
    const running: RunningMaterialiser[] = [];
    const lag = new LagWatch(() => lagOf(running), systemClock);
    const looking = setInterval(() => void lag.look(), lookEveryMs).unref();
    const telemetry = materialiserTelemetry(metrics);

    const materialisers = subscription.projections.map((projection): Startable => {
      const options = { eventLog, wire, keys, pool, schema, logger, consumer: name, projection };
      const reader = materialiser({ ...options, ...telemetry(projection) });
      return {
        name: reader.name,
        start: async () => {
          const started = await reader.start();
          running.push(started);
          return started;
        },
      };
    });

    const readModel = { schema, projection: subscription.projections[0].name };
    return {
      controllers: [OverviewController, ObservationSearchController, CapabilityController],
      providers: [
        { provide: LAG_WATCH, useValue: lag },
        { provide: CAPABILITY, useValue: capability(config.identity, systemClock()) },
      ],
      materialisers,
      patientReads: { pool, keys, identity: config.identity, readModel },
      operated: { projections: subscription.projections, keys },
      caches: {
        consumer: name,
        caches: keys.caches,
        forget: (patient) => {
          for (const product of subscription.products) keys.evict(product, patient);
        },
      },
      close: () => {
        clearInterval(looking);
        return Promise.resolve();
      },
    };
  },
});

async function lagOf(running: readonly RunningMaterialiser[]): Promise<PartitionLag[]> {
  if (running.length === 0) throw new Error('nothing is read yet');
  return (await Promise.all(running.map((started) => started.lag()))).flat();
}
