import type { ProbePoint } from '@samspill/read-model';

/** Environment variable with the {@link ConsumerSettings} as JSON. */
export const consumerSettings = 'SAMSPILL_FAULTS_CONSUMER';

/** Where a consumer stops, once: at this point of the next batch of the topic. */
export interface Hold {
  readonly point: ProbePoint;
  readonly topic: string;
}

export interface ConsumerSettings {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly keyVaultUrl: string;
  /** Client id. */
  readonly consumer: string;
  readonly schema: string;
  readonly sessionTimeoutMs: number;
  readonly hold?: Hold | undefined;
}

export type ToConsumer = { readonly kind: 'hold'; readonly hold: Hold } | { readonly kind: 'go' };

export interface FromConsumer {
  readonly kind: 'held' | 'started';
}
