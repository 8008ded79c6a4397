import { fileURLToPath } from 'node:url';
import { subscriptions } from '@samspill/contracts';
import { jsonLimits } from '@samspill/fhir';
import { SamspillError, systemClock } from '@samspill/kernel';
import { measurementProjection, observationMigrations } from '@samspill/observations';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import { materialiser } from '@samspill/read-model';
import type { ServiceConfig, ServiceDefinition } from '@samspill/service';
import { capabilityStatement } from './capability.ts';
import { intake } from './intake.ts';
import { ledgerProjection } from './ledger/ledger-projection.ts';
import { postgresLedger } from './ledger/postgres-ledger.ts';
import { CAPABILITY, MeasurementsController, RECEPTION } from './measurements.controller.ts';
import {
  ObservationSearchController,
  SEARCH_PARTS,
  type SearchParts,
} from './observation-search.controller.ts';
import { reception } from './receive.ts';
import { measurementTelemetry } from './telemetry.ts';

const name = subscriptions.measurements.consumer;
const schema = name;
const ledgerMigrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** The service of the domain. `openKeys` gives the key client; the key vault over HTTP unless told. */
export const measurementsService = (
  openKeys: (config: ServiceConfig) => KeyClient = vaultOverHttp,
): ServiceDefinition => ({
  name,
  port: 7411,
  refusals: 'fhir',
  migrations: [observationMigrations, ledgerMigrations],
  bodyLimitBytes: jsonLimits.bytesMax,
  open: ({ config, logger, metrics, eventLog, wire, pool }) => {
    const { identity } = config;
    const keys = openKeys(config);
    const publisher = eventLog.publisher();
    const ledger = postgresLedger(pool, schema, eventLog);
    const telemetry = measurementTelemetry(metrics);
    const clock = systemClock;
    const onUnknownOutcome = (error: unknown) =>
      logger.error({ error: told(error) }, 'events were sent and their outcome is not known');
    const door = intake({ keys, ledger, publisher, wire, clock, onUnknownOutcome });
    const reading = { eventLog, wire, keys, pool, schema, logger, consumer: name };
    const search: SearchParts = {
      pool,
      keys,
      identity,
      schema,
      projection: measurementProjection.name,
    };
    return {
      controllers: [MeasurementsController, ObservationSearchController],
      providers: [
        { provide: RECEPTION, useValue: reception({ identity, intake: door, telemetry, clock }) },
        { provide: CAPABILITY, useValue: capabilityStatement(identity, clock()) },
        { provide: SEARCH_PARTS, useValue: search },
      ],
      materialisers: [ledgerProjection, measurementProjection].map((projection) =>
        materialiser({ ...reading, projection }),
      ),
      ready: { eventLog: () => eventLog.clusterId() },
      close: () => publisher.close(),
    };
  },
});

/** The message of an error that is not ours may quote what was sent. */
const told = (error: unknown): string =>
  error instanceof SamspillError ? error.message : error instanceof Error ? error.name : 'unknown';

function vaultOverHttp({ keyVaultUrl }: ServiceConfig): KeyClient {
  if (keyVaultUrl === undefined)
    throw new SamspillError('CONFIG_INVALID', { place: 'KEY_VAULT_URL' });
  return httpKeyClient({ url: keyVaultUrl, clientId: name });
}
