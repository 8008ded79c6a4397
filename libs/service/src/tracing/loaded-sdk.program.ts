// Prints what of the SDK of OpenTelemetry a service has loaded once it has started its tracing.
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const name = /node_modules\/(@opentelemetry\/[^/]+)/.exec(url)?.[1];
    // The API stands for nothing by itself, and prom-client brings it too.
    if (name !== undefined && name !== '@opentelemetry/api') loaded.add(name);
    return next(url, context);
  },
});

await import('../index.ts');
const { startTracing } = await import('./start-tracing.ts');
const { serviceLogger } = await import('../service-logger.ts');
await startTracing('sample-service', process.env, serviceLogger('sample-service', 'silent'));
process.stdout.write(`${JSON.stringify([...loaded].sort())}\n`);
process.exit(0);
