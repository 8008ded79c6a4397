export interface QueueLimits {
  readonly queueEventsMax: number;
  readonly queueBytesMax: number;
}

/** How much more the publisher takes in before it answers EVENT_LOG_OVERLOADED. */
export class QueueRoom {
  #events = 0;
  #bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Takes all of it, or nothing and answers false. */
  take(events: number, bytes: number): boolean {
    const { queueEventsMax, queueBytesMax } = this.limits;
    if (this.#events + events > queueEventsMax || this.#bytes + bytes > queueBytesMax) return false;
    this.#events += events;
    this.#bytes += bytes;
    return true;
  }

  giveBack(events: number, bytes: number): void {
    this.#events -= events;
    this.#bytes -= bytes;
  }
}
