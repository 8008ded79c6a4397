import 'reflect-metadata';
import { Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { kafkaEventLog, type EventLog } from '@samspill/event-log';
import { dataProducts } from '@samspill/contracts';
import { SamspillError } from '@samspill/kernel';
import { createPool, migrate } from '@samspill/read-model';
import { openWireFormat, type WireFormat } from '@samspill/schema-registry';
import { Logger as NestPinoLogger, LoggerModule } from 'nestjs-pino';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { callersFromRegister } from './caller.ts';
import { CallerGuard } from './caller.guard.ts';
import { readClientRegister } from './client-register.ts';
import { HEALTH, HealthController, type Health } from './health/health.controller.ts';
import { databasePart, looksAt, patientStatePart } from './health/needed-parts.ts';
import { observeParts } from './health/part-metrics.ts';
import type { NeededPart } from './health/part-look.ts';
import { httpAdapter } from './http-adapter.ts';
import { refuseLargeBodies } from './large-body.ts';
import { speakLastWords } from './last-words.ts';
import { publishMetrics } from './messaging-metrics.ts';
import { MaterialiserStrategy, type Startable } from './materialiser-strategy.ts';
import { PATIENT_READS, type PatientReads } from './patient-of-read.ts';
import { keepLooking, patientStateOf, PatientStateWatch } from './patient-state-watch.ts';
import { onceThere } from './once-there.ts';
import { CACHES, CachesController } from './operations/caches.controller.ts';
import { openOperations } from './operations/open-operations.ts';
import type { OperatedReadModels, Operations } from './operations/operations.ts';
import { cacheEviction, namedCaches, type PatientCaches } from './patient-caches.ts';
import { observePool } from './pool-metrics.ts';
import { observeQueues } from './queue-metrics.ts';
import type { RefusalStyle } from './refusal-answer.ts';
import { RefusalFilter } from './refusal.filter.ts';
import { outsideRequests } from './request-context.ts';
import { watchRequests } from './request-log.ts';
import { readServiceConfig, type ServiceConfig } from './service-config.ts';
import { nestLogging, serviceLogger } from './service-logger.ts';
import { METRICS, MetricsController, observeRequests, serviceMetrics } from './service-metrics.ts';
import { traceRequests } from './tracing/http-spans.ts';
import { startTracing } from './tracing/start-tracing.ts';

/** What every service stands on; opened before the service's own parts, closed after them. */
export interface ServiceGround {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly eventLog: EventLog;
  readonly wire: WireFormat;
  readonly pool: Pool;
  /** The service's own, in PostgreSQL. */
  readonly schema: string;
}

/** What a service adds. */
export interface ServiceParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly materialisers?: readonly Startable[];
  /** What reads about a patient stand on: handed to controllers as PATIENT_READS once it knows what was closed. */
  readonly patientReads?: GivenReads;
  /** What the materialisers keep; given, operators are served under `/operations`. */
  readonly operated?: OperatedReadModels;
  /** What it keeps of patients in memory: searched by operators, and emptied as the key vault says. */
  readonly caches?: PatientCaches;
  /** What it needs to answer beyond its database, by name. */
  readonly ready?: Readonly<Record<string, NeededPart>>;
  /** Runs after the last request and before the database closes. */
  readonly close?: () => Promise<void>;
}

interface GivenReads extends Pick<PatientReads, 'keys'> {
  /** Name of the one that is read. */
  readonly projection: string;
}

export interface ServiceDefinition {
  /** App name; its snake_case form is the PostgreSQL schema. */
  readonly name: string;
  readonly port: number;
  readonly refusals: RefusalStyle;
  /** Folders of numbered migrations, in order. */
  readonly migrations: readonly string[];
  /** Bodies above this are refused with 413. */
  readonly bodyLimitBytes: number;
  open(ground: ServiceGround): Promise<ServiceParts> | ServiceParts;
}

/**
 * Opens the ground, wires the service into Nest, listens on loopback, and drains on SIGTERM or SIGINT. Without an
 * environment given, the process is the service's own: then it also speaks the last words of the process, and traces
 * where an endpoint is set.
 */
export async function bootService(
  definition: ServiceDefinition,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NestFastifyApplication> {
  const config = readServiceConfig(env, definition.port);
  const logger = serviceLogger(definition.name, config.logLevel);
  const isOwnProcess = env === process.env;
  const tracing = isOwnProcess ? await startTracing(definition.name, env, logger) : undefined;
  const ground = await openGround(definition, config, logger);
  const parts = await definition.open(ground);
  const { operated, caches, materialisers = [] } = parts;
  const operations =
    operated && openOperations(operationsOf(definition, ground, operated), ground.metrics);

  const reads = parts.patientReads && openReads(ground, parts.patientReads);

  // First, so that it has its place in the log before anything is put into a cache.
  const followers =
    caches === undefined ? [] : [cacheEviction(ground.eventLog, definition.name, caches)];
  const strategy = new MaterialiserStrategy([...followers, ...materialisers], logger, () => {
    // Engine guide, section 4: a consumer that died ends its process, so that its partitions are taken over.
    process.exit(1);
  });
  const health: Health = {
    live: () => strategy.isAlive(),
    parts: looksAt(
      {
        database: databasePart(ground.pool),
        ...(reads && { patientState: patientStatePart(reads.patientState) }),
        ...parts.ready,
      },
      logger,
    ),
  };
  observeParts(ground.metrics, health);

  @Module({
    imports: [LoggerModule.forRoot(nestLogging(logger))],
    controllers: [
      ...[HealthController, MetricsController, CachesController],
      ...(operations?.controllers ?? []),
      ...parts.controllers,
    ],
    providers: [
      { provide: HEALTH, useValue: health },
      { provide: METRICS, useValue: ground.metrics },
      { provide: CACHES, useValue: caches === undefined ? [] : namedCaches(caches) },
      { provide: APP_FILTER, useValue: new RefusalFilter(refusalStyle(definition), logger) },
      {
        provide: APP_GUARD,
        inject: [Reflector],
        useFactory: (reflector: Reflector) =>
          new CallerGuard(
            reflector,
            callersFromRegister(readClientRegister(config.clientRegister)),
          ),
      },
      {
        provide: ClosingOfParts,
        useValue: new ClosingOfParts(async () => {
          operations?.close();
          reads?.close();
          await parts.close?.();
          await ground.eventLog.close();
          await ground.pool.end();
          await tracing?.close();
        }),
      },
      ...(operations?.providers ?? []),
      ...(reads === undefined ? [] : [{ provide: PATIENT_READS, useValue: reads }]),
      ...parts.providers,
    ],
  })
  class ServiceModule {}

  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule,
    httpAdapter(definition),
    { bodyParser: false, bufferLogs: true },
  );
  app.useLogger(app.get(NestPinoLogger));
  const server = app.getHttpAdapter().getInstance();
  // Bodies reach the controllers as bytes: number text and media types are theirs to judge.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  refuseLargeBodies(server, definition.bodyLimitBytes);
  traceRequests(server);
  watchRequests(server, logger);
  observeRequests(server, ground.metrics);

  // From here on patients' data is at work; what fails before may be told in full.
  if (isOwnProcess) speakLastWords(logger);
  app.connectMicroservice({ strategy }, { inheritAppConfig: false });
  app.enableShutdownHooks();
  giveBackMemory();
  await app.startAllMicroservices();
  await app.listen(config.port, config.host).catch(portInUse);
  logger.info({ address: await app.getUrl(), identity: config.identity }, 'ready');
  return app;
}

/**
 * Loading and wiring leave some 60 MiB of heap that V8 keeps while there is little to do, and takes as room to grow into. Now
 * nobody waits for the tenth of a second. Does nothing unless Node runs with --expose-gc.
 */
function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function portInUse(error: NodeJS.ErrnoException & { readonly port?: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  throw new SamspillError('PORT_IN_USE', { place: `PORT ${error.port}` });
}

/** Operators are answered alike by every service. */
const refusalStyle =
  ({ refusals }: ServiceDefinition) =>
  ({ url }: FastifyRequest): RefusalStyle =>
    url.startsWith('/operations/') ? 'problem' : refusals;

const operationsOf = (
  definition: ServiceDefinition,
  { pool, schema, eventLog, config: { identity } }: ServiceGround,
  operated: OperatedReadModels,
): Operations => ({
  ...operated,
  service: definition.name,
  schema,
  pool,
  eventLog,
  identity,
});

/** Reads that wait until it is known what was closed while the service was down. */
function openReads(
  { eventLog, pool, schema, metrics, config: { identity } }: ServiceGround,
  { keys, projection }: GivenReads,
): PatientReads & { readonly patientState: PatientStateWatch; close(): void } {
  const readModel = { schema, projection };
  const patientState = new PatientStateWatch(patientStateOf({ eventLog, pool }, readModel));
  const close = keepLooking(patientState, metrics);
  return { pool, keys, identity, readModel, patientState, close };
}

async function openGround(
  definition: ServiceDefinition,
  config: ServiceConfig,
  logger: Logger,
): Promise<ServiceGround> {
  const { name, migrations } = definition;
  const schema = name.replaceAll('-', '_');
  const pool = createPool(config.databaseUrl, { schema, applicationName: name });
  for (const folder of migrations) {
    await onceThere(logger, () => migrate(pool, { schema, folder }));
  }
  const registryUrl = config.schemaRegistryUrl;
  const wire = await onceThere(logger, () =>
    openWireFormat({ registryUrl, products: dataProducts }),
  );
  const metrics = serviceMetrics(name);
  const eventLog = kafkaEventLog({
    brokers: config.kafkaBrokers,
    clientId: name,
    logger: outsideRequests(logger),
    subscribe: { sessionTimeoutMs: config.sessionTimeoutMs },
    onPublish: publishMetrics(metrics),
  });
  observeQueues(metrics, eventLog);
  observePool(metrics, pool);
  return { config, logger, metrics, eventLog, wire, pool, schema };
}

/** Nest calls this after the server and the materialisers have stopped. */
class ClosingOfParts {
  constructor(private readonly close: () => Promise<void>) {}

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
