export interface QueueLimits {
  readonly queueEventsMax: number;
  readonly queueBytesMax: number;
}

/** What waits in the queue, of how much may. */
export interface QueueFill extends QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

/** How much more the publisher takes in before it answers EVENT_LOG_OVERLOADED. */
export class QueueRoom {
  #events = 0;
  #bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  get fill(): QueueFill {
    return { ...this.limits, events: this.#events, bytes: this.#bytes };
  }

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
