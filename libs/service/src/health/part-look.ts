import { SamspillError, within, type ErrorCode } from '@samspill/kernel';
import { oneAtATime } from '../one-at-a-time.ts';

/** What a service needs to answer. */
export interface NeededPart {
  /** Looks whether it is there; a rejection says that it is not. */
  readonly look: () => Promise<unknown>;
  /** What is said of it where it does not answer, or says nothing of its own. */
  readonly code: ErrorCode;
}

/** What is told of a part. */
export interface PartState {
  readonly status: 'up' | 'down';
  /** Why it is down. */
  readonly code?: ErrorCode;
  /** For how long it has been so, as far as looks tell. */
  readonly forSeconds: number;
}

/** Whoever asks again within this is told what the last look saw, however many ask. */
const freshMs = 1_000;
/** So long an answer waits for a look. */
const waitMs = 1_500;
/** So long what was seen stands while a look is under way: a part that is slower counts as away. */
const standsMs = 6_000;

interface Seen {
  readonly error: ErrorCode | undefined;
  readonly atMs: number;
}

/**
 * Looks at a part when somebody asks, one look at a time. What was seen before a process stood still is old when it goes
 * on: then it is looked at anew before anything is said.
 */
export class PartLook {
  #seen: Seen | undefined;
  #told: { readonly error: ErrorCode | undefined; readonly sinceMs: number } | undefined;

  constructor(
    private readonly part: NeededPart,
    /** Called when what is told of it changes, and when it is down the first time that it is told. */
    private readonly changed: (state: PartState) => void = () => undefined,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Answers within a second and a half. */
  async state(): Promise<PartState> {
    if (this.#ageMs() > freshMs) await within(waitMs, this.#look());
    return this.#tell(this.#ageMs() > standsMs ? this.part.code : this.#seen?.error);
  }

  readonly #look = oneAtATime(async () => {
    const error = await this.part.look().then(
      () => undefined,
      (reason: unknown) => (reason instanceof SamspillError ? reason.code : this.part.code),
    );
    this.#seen = { error, atMs: this.nowMs() };
  });

  #ageMs(): number {
    return this.#seen === undefined ? Infinity : this.nowMs() - this.#seen.atMs;
  }

  #tell(error: ErrorCode | undefined): PartState {
    const before = this.#told;
    const isSame = before !== undefined && before.error === error;
    const { sinceMs } = (this.#told = isSame ? before : { error, sinceMs: this.nowMs() });
    const forSeconds = Math.floor((this.nowMs() - sinceMs) / 1_000);
    const state: PartState =
      error === undefined
        ? { status: 'up', forSeconds }
        : { status: 'down', code: error, forSeconds };
    if (!isSame && (before !== undefined || error !== undefined)) this.changed(state);
    return state;
  }
}
