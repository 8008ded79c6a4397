import { SamspillError, systemClock } from '@samspill/kernel';
import { observationMigrations } from '@samspill/observations';
import { httpKeyClient, type KeyClient } from '@samspill/privacy';
import { materialiser, type PartitionLag, type RunningMaterialiser } from '@samspill/read-model';
import type { ServiceConfig, ServiceDefinition, Startable } from '@samspill/service';
import { LagWatch } from './lag-watch.ts';
import { ObservationSearchController } from './observation-search.controller.ts';
import { OverviewController } from './overview.controller.ts';
import { PATIENT_READS, type PatientReads } from './patient-reads.ts';
import { subscription } from './subscription.ts';
import { wardTelemetry } from './telemetry.ts';

const name = subscription.consumer;
const schema = name.replaceAll('-', '_');
const lookEveryMs = 1_000;

/** The ward's service. `openKeys` gives the key client; the key vault over HTTP unless told. */
export const emergencyWard = (
  openKeys: (config: ServiceConfig) => KeyClient = vaultOverHttp,
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
    const telemetry = wardTelemetry(metrics, () => lag.freshness());

    const materialisers = subscription.projections.map((projection): Startable => {
      const options = { eventLog, wire, keys, pool, schema, logger, consumer: name, projection };
      const reader = materialiser({ ...options, ...telemetry });
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
    const reads: PatientReads = { pool, keys, identity: config.identity, readModel, lag };
    return {
      controllers: [OverviewController, ObservationSearchController],
      providers: [{ provide: PATIENT_READS, useValue: reads }],
      materialisers,
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

function vaultOverHttp({ keyVaultUrl }: ServiceConfig): KeyClient {
  if (keyVaultUrl === undefined) {
    throw new SamspillError('CONFIG_INVALID', { place: 'KEY_VAULT_URL' });
  }
  return httpKeyClient({ url: keyVaultUrl, clientId: name });
}
