import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { toldError } from './told-error.ts';

/** A materialiser as the service sees it: it starts, lives, and is closed. */
export interface Startable {
  readonly name: string;
  start(): Promise<Running>;
}

export interface Running {
  readonly ended: Promise<void>;
  isAlive(): boolean;
  close(): Promise<void>;
}

/**
 * Runs a service's materialisers as Nest's microservice transport, so that they start after the modules and are
 * drained by Nest's shutdown. Nest's stock Kafka server has no batches, no claims and no bound on retries (engine guide, section 6).
 */
export class MaterialiserStrategy extends Server implements CustomTransportStrategy {
  private running: { name: string; materialiser: Running }[] = [];

  constructor(
    private readonly materialisers: readonly Startable[],
    private readonly log: Logger,
    /** Called once when a materialiser dies. */
    private readonly died: (error: unknown) => void,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.startAll().then(() => callback(), callback);
  }

  private async startAll(): Promise<void> {
    for (const startable of this.materialisers) {
      const { name } = startable;
      const materialiser = await startable.start();
      this.running.push({ name, materialiser });
      materialiser.ended.catch((error: unknown) => {
        this.log.fatal({ materialiser: name, error: toldError(error) }, 'materialiser died');
        this.died(error);
      });
    }
  }

  /** True while every materialiser fetches or heartbeats. */
  isAlive(): boolean {
    return this.running.every(({ materialiser }) => materialiser.isAlive());
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map(({ materialiser }) => materialiser.close()));
    this.running = [];
  }

  // The transport has no events of its own to listen to, and no client to unwrap.
  on(): void {
    throw new Error('a materialiser strategy emits no events');
  }

  unwrap(): never {
    throw new Error('a materialiser strategy wraps no client');
  }
}
