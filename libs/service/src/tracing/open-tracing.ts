import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { sparingLogger } from '@samspill/event-log';
import { within } from '@samspill/kernel';
import type { Logger } from 'pino';
import { toldError } from '../told-error.ts';
import { samplerOf } from './sampler.ts';
import type { Tracing } from './start-tracing.ts';
import type { TracingSettings } from './tracing-settings.ts';

const closeMaxMs = 2_000;
const packageFile = join(import.meta.dirname, '../../../../package.json');

/**
 * The SDK of OpenTelemetry, once a process: spans wait in memory, a bounded number of them, and are sent by HTTP in the
 * background. A receiver that is away costs spans and nothing else.
 */
export async function openTracing(
  service: string,
  settings: TracingSettings,
  logger: Logger,
): Promise<Tracing> {
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const own = resourceFromAttributes({
    'service.name': service,
    'service.version': version,
    'service.instance.id': randomUUID(),
  });
  const { warn } = sparingLogger(logger);
  setGlobalErrorHandler((error) => warn({ error: toldError(error) }, 'traces could not be sent'));
  const exporter = new OTLPTraceExporter();
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector] }))
      .merge(own),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...settings.batch })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // Alone: what comes as baggage is not passed on.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    close: async () => {
      await within(
        closeMaxMs,
        provider.shutdown().catch(() => undefined),
      );
    },
  };
}
