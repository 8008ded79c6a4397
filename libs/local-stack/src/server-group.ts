import { SamspillError } from '@samspill/kernel';
import { shutDown, signal } from './process-life.ts';
import type { ReaperLink } from './reaper-link.ts';
import { launch, type PartProcess, type ServerPlan, type StackPart } from './server.ts';

/** Servers that run together; each is known to the reaper from its first moment. */
export class ServerGroup<Name extends string = StackPart> {
  readonly #reaper: ReaperLink;
  readonly #plans = new Map<Name, ServerPlan<Name>>();
  readonly #processes = new Map<Name, PartProcess<Name>>();

  constructor(reaper: ReaperLink) {
    this.#reaper = reaper;
  }

  get processes(): PartProcess<Name>[] {
    return [...this.#processes.values()];
  }

  /** Starts the server and waits until it answers. Raises PART_DID_NOT_START. */
  async start(plan: ServerPlan<Name>): Promise<void> {
    this.#plans.set(plan.part, plan);
    await launch(plan, (server) => {
      this.#processes.set(plan.part, server);
      this.#reaper.watch(server);
    });
  }

  signal(part: Name, name: NodeJS.Signals): void {
    const server = this.#processes.get(part);
    if (server !== undefined) signal(server, name);
  }

  /** Starts the server anew on its data and port, after ending it where it still runs. */
  async restart(part: Name): Promise<void> {
    const plan = this.#plans.get(part);
    const server = this.#processes.get(part);
    if (plan === undefined || server === undefined) {
      throw new SamspillError('PART_DID_NOT_START', { place: `${part} was never started` });
    }
    await shutDown([server]);
    await this.start(plan);
  }

  async stop(): Promise<void> {
    await shutDown(this.processes);
    await this.#reaper.close();
  }

  /** Leaves the servers running without an owner. */
  async release(): Promise<void> {
    await this.#reaper.release();
  }
}
