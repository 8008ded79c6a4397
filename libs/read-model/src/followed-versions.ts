import { SamspillError, isRetriable, pause } from '@samspill/kernel';
import type { PartitionLag } from './checkpoint.ts';
import { followVersion, type RunningVersion, type Pacing } from './follow-version.ts';
import type { MaterialiserOptions, RunningMaterialiser } from './materialiser.ts';
import { Pace } from './pace.ts';
import { followedVersions, type ReadModelVersion, type VersionState } from './versions.ts';

/** How soon an instance sees that a version came or went. */
const lookEveryMs = 1_000;
/** A version beside the live one that died is tried again after this. */
const restartAfterMs = 5_000;

interface Followed {
  readonly running: RunningVersion;
  state: VersionState;
}

/**
 * Follows each version of a read model as the database lists them, and looks for changes all the time. The death of the
 * live version is the death of the whole; one beside it is told, and begun again where its checkpoint stands.
 */
export class FollowedVersions implements RunningMaterialiser {
  readonly #followed = new Map<number, Followed>();
  readonly #pace = new Pace();
  readonly #notBeforeMs = new Map<number, number>();
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #closing = new AbortController();
  #looking = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(private readonly options: MaterialiserOptions) {
    // Whoever wants to know waits for `ended`; nobody has to.
    this.#ended.promise.catch(() => undefined);
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Rejects when a version that exists cannot be followed; later ones are tried until they can be. */
  async start(): Promise<void> {
    try {
      for (const one of await this.#listed()) await this.#follow(one);
    } catch (error) {
      await this.#closeAll();
      throw error;
    }
    this.#looking = this.#lookOn();
  }

  isAlive(): boolean {
    return (
      this.#closed === undefined &&
      [...this.#followed.values()].every(({ running }) => running.isAlive())
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop().then(() => this.#ended.resolve(undefined));
    return this.#closed;
  }

  async lag(): Promise<PartitionLag[]> {
    // Asked of the database, since readers may have been led to another version just now.
    const live = (await this.#listed()).find(({ state }) => state === 'live');
    const followed = live && this.#followed.get(live.version);
    if (followed === undefined) throw new SamspillError('DATABASE_UNAVAILABLE');
    return followed.running.lag();
  }

  #listed(): Promise<ReadModelVersion[]> {
    const { pool, schema, projection } = this.options;
    return followedVersions(pool, { schema, projection: projection.name });
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#closing;
    while (await pause(lookEveryMs, signal))
      await this.#look().catch((error: unknown) => this.#failedToLook(error));
  }

  async #look(): Promise<void> {
    const listed = await this.#listed();
    for (const one of listed) {
      const followed = this.#followed.get(one.version);
      if (followed !== undefined) followed.state = one.state;
      else if (this.#isDue(one)) await this.#follow(one);
    }
    for (const [version, { running }] of this.#followed) {
      if (listed.some((one) => one.version === version)) continue;
      this.#followed.delete(version);
      await running.close();
      this.options.logger.info({ version }, 'version discarded');
    }
  }

  #isDue({ version, state }: ReadModelVersion): boolean {
    return state === 'live' || (this.#notBeforeMs.get(version) ?? 0) <= performance.now();
  }

  /** What is away comes back: the versions that are followed go on meanwhile, and hold by themselves. */
  #failedToLook(error: unknown): void {
    if (!isRetriable(error)) this.#die(error);
  }

  async #follow({ version, state }: ReadModelVersion): Promise<void> {
    const pacing: Pacing = ({ records, heartbeat }, work) =>
      (this.#followed.get(version)?.state ?? state) === 'live'
        ? this.#pace.live(records, work)
        : this.#pace.beside(heartbeat, work);
    const running = await followVersion(this.options, version, pacing);
    const followed = { running, state };
    this.#followed.set(version, followed);
    running.ended.catch((error: unknown) => void this.#died(version, followed, error));
  }

  /**
   * What readers do not see does not end what they do see. That its tables are gone may be why it died; and readers may have
   * been led to another version since the last look.
   */
  async #died(version: number, { running, state }: Followed, error: unknown): Promise<void> {
    const listed = await this.#listed().catch(() => undefined);
    const now = listed ? listed.find((one) => one.version === version)?.state : state;
    if (now === 'live') {
      this.#die(error);
      return;
    }
    this.#followed.delete(version);
    this.#notBeforeMs.set(version, performance.now() + restartAfterMs);
    await running.close();
    if (now === undefined) return;
    // No message: one of PostgreSQL may quote what it refuses.
    const code = error instanceof SamspillError ? error.code : (error as Error).name;
    this.options.logger.error({ version, code }, 'version died; begins again');
  }

  #die(error: unknown): void {
    this.#ended.reject(error);
    void this.#stop();
  }

  async #stop(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
    await this.#closeAll();
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(({ running }) => running.close()));
  }
}
