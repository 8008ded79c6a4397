import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, type ServerGroup, type ServerPlan } from '@samspill/local-stack';
import type { PartName } from './fault-mesh.ts';

const lookEveryMs = 250;
/** What a part needs to start may be away, as long as a fault lasts. */
const startWithinMs = 120_000;
const tryAgainMs = 500;

/**
 * The processes of a mesh, cared for as in production: one that ends by itself is started again, one that cannot start
 * since something else is away is tried again.
 */
export class Parts {
  readonly #plans = new Map<PartName, ServerPlan<PartName>>();
  readonly #wanted = new Set<PartName>();
  readonly #turns = new Map<PartName, Promise<void>>();
  readonly #care: Promise<void>;
  #stopped = false;

  constructor(
    private readonly group: ServerGroup<PartName>,
    private readonly onEnded: (part: PartName) => void,
  ) {
    this.#care = this.#lookAfter();
  }

  plan(plan: ServerPlan<PartName>): void {
    this.#plans.set(plan.part, plan);
  }

  /** The first start. Rejects with PART_DID_NOT_START at once when it fails. */
  async start(plan: ServerPlan<PartName>): Promise<void> {
    this.plan(plan);
    await this.group.start(plan);
    this.#wanted.add(plan.part);
  }

  pidOf(part: PartName): number | undefined {
    const process = this.#processOf(part);
    return process !== undefined && isRunning(process) ? process.pid : undefined;
  }

  expectEnd(part: PartName): void {
    this.#wanted.delete(part);
  }

  kill(part: PartName, signal: NodeJS.Signals): void {
    if (endsIt.has(signal)) this.expectEnd(part);
    this.group.signal(part, signal);
  }

  /** One start of a part at a time. Rejects with PART_DID_NOT_START after two minutes. */
  restart(part: PartName): Promise<void> {
    const turn = (this.#turns.get(part) ?? Promise.resolve()).then(() => this.#startAgain(part));
    this.#turns.set(
      part,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wanted.clear();
    // Of what is just being started, the group would not know.
    await this.#care;
    await Promise.allSettled(this.#turns.values());
    await this.group.stop();
  }

  #processOf(part: PartName) {
    return this.group.processes.find(({ name }) => name === part);
  }

  async #startAgain(part: PartName): Promise<void> {
    const plan = this.#plans.get(part);
    if (plan === undefined) throw new Error(`${part} is no part of the mesh`);
    for (const until = Date.now() + startWithinMs; !this.#stopped;) {
      try {
        if (this.#processOf(part) === undefined) await this.group.start(plan);
        else await this.group.restart(part);
        this.#wanted.add(part);
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(tryAgainMs);
      }
    }
  }

  async #lookAfter(): Promise<void> {
    while (!this.#stopped) {
      for (const part of this.#wanted) {
        if (this.pidOf(part) !== undefined) continue;
        this.#wanted.delete(part);
        this.onEnded(part);
        this.restart(part).catch(() => undefined);
      }
      await pause(lookEveryMs);
    }
  }
}

const endsIt: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>([
  'SIGKILL',
  'SIGTERM',
  'SIGQUIT',
  'SIGINT',
]);
