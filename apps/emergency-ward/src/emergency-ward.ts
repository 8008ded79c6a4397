import { fileURLToPath } from 'node:url';
import { systemClock } from '@samspill/kernel';
import { measurementStanding, observationMigrations } from '@samspill/observations';
import type { KeyClient } from '@samspill/privacy';
import { materialiser } from '@samspill/read-model';
import {
  keyClientOf,
  keyVaultPart,
  materialiserTelemetry,
  type ServiceConfig,
  type ServiceDefinition,
} from '@samspill/service';
import { CAPABILITY, capability, CapabilityController } from './capability.controller.ts';
import { LAG_WATCH, LagWatch } from './lag-watch.ts';
import { ObservationSearchController } from './observation-search.controller.ts';
import { OverviewController } from './overview.controller.ts';
import { subscription } from './subscription.ts';

const name = subscription.consumer;

/** Folders, in order. */
export const wardMigrations: readonly string[] = [
  observationMigrations,
  fileURLToPath(new URL('../migrations', import.meta.url)),
];

/** The ward's service. `openKeys` gives the key client; the key vault over HTTP unless told. */
export const emergencyWard = (
  openKeys: (config: ServiceConfig) => KeyClient = (config) => keyClientOf(config, name),
): ServiceDefinition => ({
  name,
  port: 7412,
  refusals: 'fhir',
  migrations: wardMigrations,
  // A form of a few parameters.
  bodyLimitBytes: 64 * 1024,
  open: ({ config, logger, metrics, eventLog, wire, pool, schema }) => {
    const keys = openKeys(config);
    const lag = new LagWatch(systemClock);
    const reading = { eventLog, wire, keys, pool, schema, logger, consumer: name };
    const telemetry = materialiserTelemetry(metrics);
    return {
      controllers: [OverviewController, ObservationSearchController, CapabilityController],
      providers: [
        { provide: LAG_WATCH, useValue: lag },
        { provide: CAPABILITY, useValue: capability(config.identity, systemClock()) },
      ],
      materialisers: subscription.projections.map((projection) =>
        materialiser({ ...reading, ...telemetry(projection), projection }),
      ),
      patientReads: { keys, projection: subscription.projections[0].name },
      operated: {
        projections: subscription.projections,
        keys,
        shown: {
          projection: subscription.projections[0].name,
          of: (eventId) => measurementStanding(pool, eventId),
        },
        onLook: (standings, at) => lag.note(standings, at),
      },
      caches: { keys, products: subscription.products },
      // Not the log: what was read of it is shown while it is away.
      ready: { keyVault: keyVaultPart(keys) },
    };
  },
});
