import { SamspillError } from '@samspill/kernel';
import { shutDown, signal } from './process-life.ts';
import type { ReaperLink } from './reaper-link.ts';
import { launch, type PartProcess, type ServerPlan, type StackPart } from './server.ts';

/** The running servers of one stack; each is known to the reaper from its first moment. */
export class ServerGroup {
  readonly #reaper: ReaperLink;
  readonly #plans = new Map<StackPart, ServerPlan>();
  readonly #processes = new Map<StackPart, PartProcess>();

  constructor(reaper: ReaperLink) {
    this.#reaper = reaper;
  }

  get processes(): PartProcess[] {
    return [...this.#processes.values()];
  }

  /** Starts the server and waits until it answers. Raises PART_DID_NOT_START. */
  async start(plan: ServerPlan): Promise<void> {
    this.#plans.set(plan.part, plan);
    await launch(plan, (server) => {
      this.#processes.set(plan.part, server);
      this.#reaper.watch(server);
    });
  }

  signal(part: StackPart, name: NodeJS.Signals): void {
    const server = this.#processes.get(part);
    if (server !== undefined) signal(server, name);
  }

  /** Starts the server anew on its data and port, after ending it where it still runs. */
  async restart(part: StackPart): Promise<void> {
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
