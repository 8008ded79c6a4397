import type { HistoryLine } from '../history/history-line.ts';

/** A record as a program read it that is not ours. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** `ce_id` */
  readonly eventId: string;
  /** `ce_type` */
  readonly type: string;
}

/** What a record says, once it is decoded, and opened where its key is there. */
export interface ReplayedEvent extends RawRecord {
  /** Of its clear part. */
  readonly measurementId: string;
  /** Of the key that sealed it. */
  readonly keyVersion: number;
  /** The measured value; undefined for a retraction, and for what cannot be opened. */
  readonly n: number | undefined;
  /** Why it could not be opened; undefined when it was. */
  readonly unopened: string | undefined;
}

/** A row that a read model should hold, or holds. */
export interface RowSeen {
  readonly eventId: string;
  readonly patient: string;
  readonly partition: number;
  readonly offset: number;
  readonly measurementId: string;
  readonly isRetraction: boolean;
  /** Of all its values, written alike for both sides; equal rows have equal digests. */
  readonly digest: string;
}

export interface GateSeen {
  readonly patient: string;
  readonly state: string;
  readonly reason: string;
  readonly position: string;
}

export interface CheckpointSeen {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

/** A checkpoint or an owner epoch that went backwards, as a trigger in the database saw it. */
export interface StepBack extends CheckpointSeen {
  readonly readModel: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly before: number;
  readonly epoch: number;
  readonly epochBefore: number;
}

/** One read model: what it holds, and what a replay of the log by plain code gives. */
export interface ReadModelEvidence {
  /** `<service>.<projection>` */
  readonly name: string;
  /** Whose grants it follows; undefined for one that opens nothing. */
  readonly consumer: string | undefined;
  readonly rows: readonly RowSeen[];
  /** Of all patients of the log, as if none had been closed. */
  readonly expected: readonly RowSeen[];
  readonly gates: readonly GateSeen[];
  readonly checkpoints: readonly CheckpointSeen[];
}

/** The highest key version that was destroyed, as the log tells. */
export type ShreddedVersions = ReadonlyMap<string, number>;

/** True when what is sealed by this key version of the patient can be opened no more. */
export const isDestroyed = (
  shredded: ShreddedVersions,
  patient: string,
  keyVersion: number,
): boolean => keyVersion <= (shredded.get(patient) ?? 0);

/** All that the checks look at. Plain data: a check is a function of it and of nothing else. */
export interface Evidence {
  readonly history: readonly HistoryLine[];
  /** Every record of the product's topic. */
  readonly log: readonly ReplayedEvent[];
  /** Of all topics that are read. */
  readonly ends: readonly CheckpointSeen[];
  readonly shredded: ShreddedVersions;
  /** Patients whose grant the log says is closed, by consumer. */
  readonly closed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly readModels: readonly ReadModelEvidence[];
  readonly stepsBack: readonly StepBack[];
}
