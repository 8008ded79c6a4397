/** What is acknowledged of a patient so far, for readers that want to see it. */
export interface KnownWrite {
  /** The highest value that a screen must show: of records and corrections, never of retractions. */
  readonly value: number;
  /** Of the newest acknowledgement; it lies behind that of the value. */
  readonly position: string;
}

/** By pseudonym; written by the writers, read by the readers. */
export type KnownWrites = Map<string, KnownWrite>;
