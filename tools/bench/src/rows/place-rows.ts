import { partitionOf } from '@samspill/event-log';
import type { Loaded } from './loading.ts';
import { rowAt, type MeasurementRow } from './measurement-row.ts';
import { partitions } from './row-product.ts';

const spreadOver = 100;

export interface PlacedRow {
  readonly row: MeasurementRow;
  readonly partition: number;
  readonly offset: number;
}

/** Says where each row will lie on an empty topic that is written in order, and keeps what is to be looked at later. */
export class Places {
  readonly #next = new Array<number>(partitions).fill(0);
  readonly #lastIds = new Map<number, string>();
  readonly #spread: { index: number; offset: number }[] = [];

  constructor(
    private readonly rows: number,
    private readonly patients: number,
  ) {}

  /** Call for each index once, in order. */
  place(index: number): PlacedRow {
    const row = rowAt(index, this.patients);
    const partition = partitionOf(row.patient, partitions);
    const offset = this.#next[partition] ?? 0;
    this.#next[partition] = offset + 1;
    this.#lastIds.set(partition, row.eventId);
    const every = Math.max(1, Math.floor(this.rows / spreadOver));
    if (index % every === 0) this.#spread.push({ index, offset });
    return { row, partition, offset };
  }

  /** Once all are placed; throws when the topic ends elsewhere, since then it holds something else. */
  checked(
    ends: readonly { readonly partition: number; readonly end: number }[],
  ): Pick<Loaded, 'lastIds' | 'spread'> {
    const wrong = ends.find(({ partition, end }) => end !== this.#next[partition]);
    if (wrong !== undefined) throw new Error(`partition ${wrong.partition} ends at ${wrong.end}`);
    return { lastIds: [...this.#lastIds.values()], spread: this.#spread };
  }
}
