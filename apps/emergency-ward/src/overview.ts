import type { RangeVerdict } from '@samspill/observations';

/**
 * What a doctor sees of a patient. Everything is as the source sent it; what was derived says so by its name. The
 * patient is not named in it, and it never says whether something is kept from the reader.
 */
export interface Overview {
  /** When the question was answered. */
  readonly asOf: string;
  readonly readModel: Freshness;
  /** The source that was heard from last comes first. */
  readonly sources: readonly SourceAge[];
  /** The latest of each series: out of range first, then in clinical order. */
  readonly vitalSigns: readonly VitalSign[];
  readonly news2: News2 | null;
  readonly trends: readonly Trend[];
  /** Taken back by their source, and not replaced: what they said is not shown. The latest first. */
  readonly retracted: readonly Retracted[];
  /**
   * Messages about this patient that could not be read. What came after such a one is not shown until it is mended; nothing
   * is while all is read again because it may have been an order to stop.
   */
  readonly unreadable: number;
}

/** How far this read model is behind the log; null where that cannot be told at the moment. */
export interface Freshness {
  readonly lagRecords: number | null;
  /** Since when it was last seen level with the log; 0 while it is. */
  readonly behindSeconds: number | null;
}

export interface Source {
  /** Organisation number of the main unit. */
  readonly organisation: string;
  readonly subUnit: string | null;
  /** Name and version of the sending system. */
  readonly system: string | null;
}

export interface SourceAge extends Source {
  readonly lastReceived: Moment;
  /** Of what holds now; null when all was taken back. */
  readonly lastMeasured: Moment | null;
}

export interface Moment {
  readonly at: string;
  readonly ageSeconds: number;
}

/** When something was measured. */
export interface MeasuredAt {
  /** As sent: a date stays a date. */
  readonly sent: string | null;
  /** Of a period. */
  readonly sentEnd: string | null;
  /** year, month, day or instant. */
  readonly precision: string;
  /** effective, issued or received: what the time is taken from. */
  readonly basis: string;
  /** The first instant of it; a date begins at midnight in Norway. */
  readonly at: string;
  readonly ageSeconds: number;
}

/** As sent: a number's text with every decimal. */
export interface SentValue {
  readonly text: string;
  readonly comparator: string | null;
  /** Text and code where they are two units, as `kg (coded g)`. */
  readonly unit: string | null;
}

export interface SentRange {
  readonly low: string | null;
  readonly high: string | null;
  readonly unit: string | null;
  readonly text: string | null;
}

/** A value, or why it is missing. */
export interface Measured {
  readonly name: string;
  readonly value: SentValue | null;
  /** Reason for the absence of a value, as sent. */
  readonly missing: string | null;
  readonly interpretation: readonly string[];
  readonly ranges: readonly SentRange[];
  /** By the range that was sent and by nothing else. */
  readonly outOfRange: RangeVerdict;
}

export interface VitalSign extends Measured {
  readonly kind: string;
  readonly measurementId: string;
  readonly status: string;
  /** True for what the source has not settled: registered or preliminary. */
  readonly preliminary: boolean;
  readonly measured: MeasuredAt;
  readonly received: Moment;
  readonly source: Source;
  readonly components: readonly Measured[];
  readonly device: string | null;
  readonly bodySite: string | null;
  readonly method: string | null;
  readonly notes: readonly string[];
  /** What the intake accepted with a remark. */
  readonly warnings: readonly string[];
  /** How many versions of it were received, this one included. */
  readonly versions: number;
}

export interface Trend {
  readonly kind: string;
  readonly name: string;
  /** Of which component, for a kind that has them. */
  readonly component: string | null;
  /** Unit of `normalised`; empty for plain numbers. */
  readonly unit: string;
  /** The oldest first. */
  readonly points: readonly TrendPoint[];
  /** True when there are older points than these. */
  readonly cut: boolean;
}

export interface TrendPoint {
  readonly measured: MeasuredAt;
  /** Two sources may tell different values of one moment: both are points. */
  readonly source: Source;
  readonly value: SentValue | null;
  readonly missing: string | null;
  /**
   * The value in the unit of the trend, exact where it ends, else with one decimal more than was sent. Null where it
   * cannot be told: in a foreign unit, in words, or with a comparator, since a bound is no measured value.
   */
  readonly normalised: string | null;
  readonly preliminary: boolean;
}

/** The latest NEWS2 as received; it is never calculated here. */
export interface News2 extends VitalSign {
  /** What the parts say about the total, where it is not just their sum. */
  readonly note: string | null;
}

export interface Retracted {
  readonly measurementId: string;
  /** Null when nothing of it was held, and for what belonged to another patient. */
  readonly kind: string | null;
  readonly retracted: Moment;
  /** entered-in-error, cancelled or wrong-patient. */
  readonly reason: string;
  readonly source: Source;
}
