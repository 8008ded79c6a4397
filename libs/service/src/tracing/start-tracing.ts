import type { Logger } from 'pino';
import { readTracingSettings } from './tracing-settings.ts';

/** The tracing of a process. */
export interface Tracing {
  /** Sends what waits, for two seconds at most. */
  close(): Promise<void>;
}

/**
 * Has the process trace where its environment names an endpoint to send to. Else nothing of the SDK is loaded, and what
 * the code says of traces goes to functions that do nothing. Throws CONFIG_INVALID.
 */
export async function startTracing(
  service: string,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<Tracing | undefined> {
  const settings = readTracingSettings(env);
  if (settings === undefined) return undefined;
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing(service, settings, logger);
}
