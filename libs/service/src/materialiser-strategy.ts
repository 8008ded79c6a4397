import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { SamspillError } from '@samspill/kernel';
import type { Logger } from 'pino';
import { onceThere } from './once-there.ts';
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

const lookEveryMs = 1_000;
/**
 * So often in a row it must be seen lifeless before `/health/live` says so, and before the process ends: long enough after
 * that for whoever asks. Looks are counted, since a process that was stopped itself sees an old sign of life when it
 * goes on, and a restart would not help it.
 */
const toldAfterLooks = 3;
const lifelessLooks = 15;

/**
 * Runs a service's materialisers as Nest's microservice transport, so that they start after the modules and are
 * drained by Nest's shutdown. Nest's stock Kafka server has no batches, no claims and no bound on retries (engine guide, section 6).
 */
export class MaterialiserStrategy extends Server implements CustomTransportStrategy {
  private running: { name: string; materialiser: Running }[] = [];
  private looking: NodeJS.Timeout | undefined;
  private looksWithoutLife = 0;

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
      const materialiser = await onceThere(this.log, () => startable.start());
      this.running.push({ name, materialiser });
      materialiser.ended.catch((error: unknown) => this.end(name, error));
    }
    this.watch();
  }

  /** One that died without a word, as in a call that never comes back, ends the process too. */
  private watch(): void {
    this.looking = setInterval(() => {
      const lifeless = this.running.find(({ materialiser }) => !materialiser.isAlive());
      this.looksWithoutLife = lifeless === undefined ? 0 : this.looksWithoutLife + 1;
      if (lifeless === undefined || this.looksWithoutLife < lifelessLooks) return;
      clearInterval(this.looking);
      this.end(lifeless.name, new SamspillError('MATERIALISER_LIFELESS', { place: lifeless.name }));
    }, lookEveryMs).unref();
  }

  private end(materialiser: string, error: unknown): void {
    this.log.fatal({ materialiser, error: toldError(error) }, 'materialiser died');
    this.died(error);
  }

  /** False once a materialiser neither fetches nor heartbeats nor tries to. */
  isAlive(): boolean {
    return this.looksWithoutLife < toldAfterLooks;
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
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
