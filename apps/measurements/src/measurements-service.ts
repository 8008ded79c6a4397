import { fileURLToPath } from 'node:url';
import { measurements, subscriptions } from '@samspill/contracts';
import { jsonLimits } from '@samspill/fhir';
import { systemClock } from '@samspill/kernel';
import {
  measurementProjection,
  measurementStanding,
  observationMigrations,
} from '@samspill/observations';
import type { KeyClient } from '@samspill/privacy';
import { materialiser } from '@samspill/read-model';
import {
  eventLogPart,
  keyClientOf,
  keyVaultPart,
  materialiserTelemetry,
  toldError,
  type ServiceConfig,
  type ServiceDefinition,
} from '@samspill/service';
import { capability } from './capability.ts';
import { intake } from './intake.ts';
import { ledgerProjection } from './ledger/ledger-projection.ts';
import { postgresLedger } from './ledger/postgres-ledger.ts';
import { RecentEvents } from './ledger/recent-events.ts';
import { CAPABILITY, MeasurementsController, RECEPTION } from './measurements.controller.ts';
import { ObservationSearchController } from './observation-search.controller.ts';
import { reception, type ReceptionParts } from './receive.ts';
import { toldRefusals } from './refused-entries.ts';
import { measurementTelemetry } from './telemetry.ts';

const { consumer: name, products } = subscriptions.measurements;
const ledgerMigrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** The service of the domain. `openKeys` gives the key client; the key vault over HTTP unless told. */
export const measurementsService = (
  openKeys: (config: ServiceConfig) => KeyClient = (config) => keyClientOf(config, name),
): ServiceDefinition => ({
  name,
  port: 7411,
  refusals: 'fhir',
  migrations: [observationMigrations, ledgerMigrations],
  bodyLimitBytes: jsonLimits.bytesMax,
  open: ({ config, logger, metrics, eventLog, wire, pool, schema }) => {
    const { identity } = config;
    const keys = openKeys(config);
    const publisher = eventLog.publisher();
    const ledger = postgresLedger(pool, schema, eventLog);
    const telemetry = measurementTelemetry(metrics);
    const clock = systemClock;
    const onUnknownOutcome = (error: unknown) =>
      logger.error({ error: toldError(error) }, 'events were sent and their outcome is not known');
    const onRefused: ReceptionParts['onRefused'] = ({ source: { clientId } }, refused) =>
      logger.info({ clientId, ...toldRefusals(refused) }, 'entries refused');
    const recent = new RecentEvents();
    const door = intake({ keys, ledger, recent, publisher, wire, clock, onUnknownOutcome });
    const reading = { eventLog, wire, keys, pool, schema, logger, consumer: name };
    const projections = [ledgerProjection, measurementProjection];
    const materialisers = materialiserTelemetry(metrics);
    return {
      controllers: [MeasurementsController, ObservationSearchController],
      providers: [
        {
          provide: RECEPTION,
          useValue: reception({ identity, intake: door, telemetry, clock, onRefused }),
        },
        { provide: CAPABILITY, useValue: capability(identity, clock()) },
      ],
      materialisers: projections.map((projection) =>
        materialiser({ ...reading, ...materialisers(projection), projection }),
      ),
      patientReads: { keys, projection: measurementProjection.name },
      operated: {
        ...{ projections, keys },
        shown: {
          projection: measurementProjection.name,
          of: (eventId) => measurementStanding(pool, eventId),
        },
      },
      caches: { keys, products, own: [recent] },
      ready: { eventLog: eventLogPart(eventLog, measurements.topic), keyVault: keyVaultPart(keys) },
      close: () => publisher.close(),
    };
  },
});
