import { z } from 'zod';
import { readSettings } from '../read-settings.ts';

/** As OpenTelemetry names its samplers. */
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const flag = z.string().transform((text) => text.toLowerCase() === 'true');
/** Both are taken by a receiver at one address; gRPC has another. */
const protocol = z.enum(['http/json', 'http/protobuf']);
const count = z.coerce.number().int().min(1);

const setting = z.object({
  OTEL_SDK_DISABLED: flag.default(false),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional(),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: count.default(5_000),
  OTEL_BSP_EXPORT_TIMEOUT: count.default(30_000),
  OTEL_BSP_MAX_QUEUE_SIZE: count.default(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count.default(512),
});

/** How a process that traces does so. The exporter reads its endpoint, headers and time-outs of the environment itself. */
export interface TracingSettings {
  readonly sampler: (typeof samplers)[number];
  /** Share of the traces that the ratio samplers keep, 0 to 1. */
  readonly ratio: number;
  readonly batch: {
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
}

/** Undefined where nothing is to be traced: no endpoint is set, or tracing is switched off. Throws CONFIG_INVALID. */
export function readTracingSettings(env: NodeJS.ProcessEnv): TracingSettings | undefined {
  // By the specification of OpenTelemetry, empty is unset.
  const it = readSettings(setting, Object.fromEntries(Object.entries(env).filter(([, v]) => v)));
  const endpoint = it.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? it.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || it.OTEL_SDK_DISABLED || it.OTEL_TRACES_EXPORTER === 'none') {
    return undefined;
  }
  return {
    sampler: it.OTEL_TRACES_SAMPLER,
    ratio: it.OTEL_TRACES_SAMPLER_ARG,
    batch: {
      scheduledDelayMillis: it.OTEL_BSP_SCHEDULE_DELAY,
      exportTimeoutMillis: it.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueueSize: it.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: it.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    },
  };
}
