import type { ProbePoint } from '@samspill/read-model';

/** What a crashing materialiser is told. */
export interface CrashSetting {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly keyVaultUrl: string;
  readonly schema: string;
  /** Name of the projection: each test has its own consumer group by it. */
  readonly projection: string;
  readonly sessionTimeoutMs?: number;
  /** Absent: it runs until it is killed from outside. */
  readonly crashAt?: { readonly point: ProbePoint; readonly times: number };
}
