import type { Position } from '@samspill/kernel';
import { PublishOutcomeUnknown } from '../publish-outcome-unknown.ts';

/** One call of `publish` that waits for its events to be acknowledged. */
export class PublishCall {
  readonly #answer = Promise.withResolvers<Position[]>();
  readonly #late = Promise.withResolvers<Position[]>();
  readonly #positions: Position[];
  readonly #deadline: NodeJS.Timeout;
  #missing: number;

  /** Past the deadline only the answer gives up: the events stay queued and go on being sent. */
  constructor(events: number, deadlineMs: number) {
    this.#positions = new Array<Position>(events);
    this.#missing = events;
    // Whoever wants to know waits for it; nobody has to.
    this.#late.promise.catch(() => undefined);
    this.#deadline = setTimeout(() => {
      this.#answer.reject(new PublishOutcomeUnknown(this.#late.promise));
    }, deadlineMs);
  }

  get positions(): Promise<Position[]> {
    return this.#answer.promise;
  }

  acknowledged(index: number, position: Position): void {
    this.#positions[index] = position;
    this.#missing -= 1;
    if (this.#missing > 0) return;
    clearTimeout(this.#deadline);
    this.#answer.resolve(this.#positions);
    this.#late.resolve(this.#positions);
  }

  /** Nothing of it was sent. */
  refuse(error: unknown): void {
    clearTimeout(this.#deadline);
    this.#answer.reject(error);
    this.#late.reject(error);
  }
}
