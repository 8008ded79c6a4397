import { setTimeout as pause } from 'node:timers/promises';

/** A version beside the live one steps back for so long; then it works one chunk, so that it gets on whatever comes. */
const stepBackMaxMs = 500;
/** A live chunk as large as this was not the end of the log: the next one is on its way. */
const behindRecords = 500;
const nextIsDueMs = 100;
const pollMs = 5;

/** Lets the versions of a read model share a process: the live one first, the others one chunk at a time. */
export class Pace {
  #liveChunks = 0;
  #liveIsBehindUntilMs = 0;
  #besideIsWorking = false;

  /** Works a chunk of the live version, at once. */
  async live<Result>(records: number, work: () => Promise<Result>): Promise<Result> {
    this.#liveChunks += 1;
    try {
      return await work();
    } finally {
      this.#liveChunks -= 1;
      if (records >= behindRecords) this.#liveIsBehindUntilMs = performance.now() + nextIsDueMs;
    }
  }

  /** Works a chunk of another version when it is its turn. A rejection of `heartbeat` passes. */
  async beside<Result>(
    heartbeat: () => Promise<void>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const latestMs = performance.now() + stepBackMaxMs;
    while (this.#besideIsWorking || (this.#liveHasWork() && performance.now() < latestMs)) {
      await pause(pollMs);
      await heartbeat();
    }
    this.#besideIsWorking = true;
    try {
      return await work();
    } finally {
      this.#besideIsWorking = false;
    }
  }

  #liveHasWork(): boolean {
    return this.#liveChunks > 0 || performance.now() < this.#liveIsBehindUntilMs;
  }
}
