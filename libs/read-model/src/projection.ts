import type { DataProduct, EventType, RecordType } from '@samspill/contracts';
import type { EventId, Position, Pseudonym } from '@samspill/kernel';
import type { ColumnValue, Row, Table } from './table.ts';

/** An event as a projection sees it: decoded, and opened where the projection opens. */
export interface LoggedEvent<Clear = unknown, Content = unknown> {
  readonly id: EventId;
  /** Name within the product, `MeasurementRecorded`. */
  readonly name: string;
  readonly patient: Pseudonym;
  readonly position: Position;
  /** Version of the data key that sealed it; 0 where nothing is sealed. */
  readonly keyVersion: number;
  readonly clear: Clear;
  /** What was sealed; undefined in a projection that does not open. */
  readonly content: Content;
}

type ClearOf<Event> = Event extends RecordType<infer Clear> ? Clear : never;
type ContentOf<Event extends EventType> =
  NonNullable<Event['sealed']> extends RecordType<infer Content> ? Content : never;

type Handlers<Product extends DataProduct, Opens extends boolean> = {
  readonly [Name in keyof Product['events']]?: (
    event: LoggedEvent<
      ClearOf<Product['events'][Name]>,
      Opens extends true ? ContentOf<Product['events'][Name]> : undefined
    >,
  ) => readonly Row[];
};

/** What happens to rows of a destroyed key instead of their deletion. */
export interface Marking {
  readonly table: Table;
  readonly set: Readonly<Record<string, ColumnValue>>;
}

interface ProjectionDefinition<Product extends DataProduct, Opens extends boolean> {
  /** Part of the consumer group `<app>.<name>`. */
  readonly name: string;
  readonly product: Product;
  /**
   * True: reads what is sealed, under a grant, behind the gate of each patient (design D7).
   * False: reads clear fields alone, asks for no keys and takes no part in grants (design D14).
   */
  readonly opens: Opens;
  readonly tables: readonly Table[];
  /** Pure: one event to its rows. An event without a handler is ignored; an exception parks the patient. */
  readonly on: Handlers<Product, Opens>;
  /** For a ledger: marks the rows of a destroyed key, now and later, where else they would be deleted and refused. */
  readonly shredded?: Marking;
}

export interface Projection {
  readonly name: string;
  readonly product: DataProduct;
  readonly opens: boolean;
  readonly tables: readonly Table[];
  readonly on: Readonly<Record<string, ((event: LoggedEvent) => readonly Row[]) | undefined>>;
  readonly shredded: Marking | undefined;
}

/** A table of pure functions from events of one data product to rows; the engine folds and writes them set-wise. */
export const projection = <Product extends DataProduct, Opens extends boolean>(
  definition: ProjectionDefinition<Product, Opens>,
): Projection => ({
  ...definition,
  shredded: definition.shredded,
  // Each handler is called with the event of its own name alone, which this type cannot say.
  on: definition.on as Projection['on'],
});
