/**
 * The error catalogue. An error names the place, the rule and the mend, and never a patient.
 * HTTP statuses are not known here: the edge maps codes to answers.
 */
export const errorCatalogue = {
  EVENT_LOG_UNAVAILABLE: {
    retriable: true,
    rule: 'the event log answers',
    mend: 'wait and try again; where it lasts, see whether the brokers run',
  },
  EVENT_LOG_OVERLOADED: {
    retriable: true,
    rule: 'fewer events wait to be published than the queue holds',
    mend: 'wait and send again',
  },
  EVENT_TOO_LARGE: {
    retriable: false,
    rule: 'an event fits into one batch of the log',
    mend: 'send less in one event',
  },
  EVENT_INVALID: {
    retriable: false,
    rule: 'an event has the form of its schema',
    mend: 'report this: it is a fault of the publisher',
  },
  TOPIC_MISSING: {
    retriable: false,
    rule: 'a topic is created by the release step before it is used',
    mend: 'run samspill schemas apply',
  },
  PUBLISH_OUTCOME_UNKNOWN: {
    retriable: true,
    rule: 'the log acknowledges within the deadline',
    mend: 'send the same again: a resend is the same event',
  },
  SCHEMA_NOT_REGISTERED: {
    retriable: false,
    rule: 'schemas are registered by the release step, never by a service',
    mend: 'run samspill schemas apply',
  },
  SCHEMA_REFUSED: {
    retriable: false,
    rule: 'old and new versions of a schema read each other (FULL_TRANSITIVE)',
    mend: 'run samspill schemas check, which names the field',
  },
  SCHEMA_UNKNOWN: {
    retriable: false,
    rule: 'the schema of a record is in the registry',
    mend: 'see whether registry and log belong together: samspill doctor',
  },
  SCHEMA_REGISTRY_UNAVAILABLE: {
    retriable: true,
    rule: 'the schema registry answers',
    mend: 'wait and try again; where it lasts, see whether the registry runs',
  },
  RECORD_UNREADABLE: {
    retriable: false,
    rule: 'a record is in Confluent wire format with its CloudEvents headers',
    mend: 'mend the publisher, then read on for the patient: samspill parked requeue',
  },
  SEAL_BROKEN: {
    retriable: false,
    rule: 'a sealed part opens under its data key and belongs to its event',
    mend: 'find out whether the record was altered, or copied from another event',
  },
  KEY_VAULT_UNAVAILABLE: {
    retriable: true,
    rule: 'the key vault answers',
    mend: 'wait and try again; where it lasts, see whether the key vault runs',
  },
  KEY_VAULT_REFUSED: {
    retriable: false,
    rule: 'the key vault serves known clients within their rights',
    mend: 'see what the client register (SAMSPILL_CLIENTS) and the subscription permit this client',
  },
  KEY_ENCRYPTION_KEY_WRONG: {
    retriable: false,
    rule: 'a stored key unwraps under the key-encryption key that wrapped it',
    mend: 'give the key-encryption key that belongs to this database, by SAMSPILL_KEK_FILE',
  },
  DATABASE_UNAVAILABLE: {
    retriable: true,
    rule: 'the database answers',
    mend: 'wait and try again; where it lasts, see whether PostgreSQL runs',
  },
  ROW_REFUSED: {
    retriable: false,
    rule: 'the database takes every value of a row',
    mend: 'mend the projection or its table, then read on for the patient: samspill parked requeue',
  },
  EVENT_NOT_PROJECTED: {
    retriable: false,
    rule: 'a projection turns every event into rows',
    mend: 'mend the projection, then read on for the patient: samspill parked requeue',
  },
  PARKING_STOPPED: {
    retriable: true,
    rule: 'few patients are parked with one code in a short time',
    mend: 'mend the projection or the publisher; where it is the data: samspill parked accept',
  },
  CHECKPOINT_GAP: {
    retriable: false,
    rule: 'a batch continues where the checkpoint stands',
    mend: 'report this: it is a fault of the materialiser',
  },
  PARTITION_FENCED: {
    retriable: true,
    rule: 'one owner writes a partition at a time',
    mend: 'do nothing: a newer owner has the partition',
  },
  MATERIALISER_LIFELESS: {
    retriable: false,
    rule: 'a materialiser reads, heartbeats or tries to reach the log',
    mend: 'do nothing at once: the process ends and others take over; report it where it comes again',
  },
  LOG_DATABASE_MISMATCH: {
    retriable: false,
    rule: 'database and log belong together',
    mend: 'restore the log that belongs to this database, or rebuild the read model: samspill rebuild start',
  },
  VERSION_STATE_WRONG: {
    retriable: false,
    rule: 'the versions of the read model allow what is ordered',
    mend: 'see which versions there are: samspill rebuild status',
  },
  VERSIONS_APART: {
    retriable: true,
    rule: 'two versions of a read model stand at one position before readers are led from one to the other',
    mend: 'wait until the version has caught up, then order it again',
  },
  VERSIONS_DIFFER: {
    retriable: false,
    rule: 'two versions of a read model hold the same rows',
    mend: 'find out why; where the projection was mended, order it with --accept-differences',
  },
  PATIENT_STATE_UNKNOWN: {
    retriable: true,
    rule: 'a read model knows what was closed and destroyed before it shows anything',
    mend: 'try again after the time in Retry-After; where it lasts, see whether the brokers run',
  },
  POSITION_NOT_REACHED: {
    retriable: true,
    rule: 'the read model reaches the position in Samspill-After in time',
    mend: 'try again after the time in Retry-After',
  },
  CONFIG_INVALID: {
    retriable: false,
    rule: 'the configuration is complete and valid',
    mend: 'set what is named, as the README of the part says',
  },
  PRODUCTION_MODE_REFUSED: {
    retriable: false,
    rule: 'without verified identities a service does not serve in production',
    mend: 'start it in development mode (SAMSPILL_MODE=development)',
  },
  JAVA_NOT_FOUND: {
    retriable: false,
    rule: 'a Java runtime of version 21 or later is there',
    mend: 'install one, or set SAMSPILL_JAVA',
  },
  PORT_IN_USE: {
    retriable: false,
    rule: 'the port is free',
    mend: 'stop what uses it, or choose another port',
  },
  DATA_DIR_IN_USE: {
    retriable: false,
    rule: 'a data directory serves one stack at a time',
    mend: 'stop the one that runs, or choose another directory',
  },
  DOWNLOAD_FAILED: {
    retriable: true,
    rule: 'the servers can be downloaded and match their digests',
    mend: 'see the message of Maven above',
  },
  PART_DID_NOT_START: {
    retriable: false,
    rule: 'a server answers soon after its start',
    mend: 'see its log file',
  },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

export interface ErrorDetails {
  /** Where it happened or what it is about: a port, topic, file, setting. Never a patient. */
  readonly place?: string;
  readonly cause?: unknown;
  /** Replaces the mend of the catalogue where the case knows better. */
  readonly mend?: string;
}

/** What is wrong in the words of every message: where, what was expected there, and what to do. */
export const toldProblem = ({
  place,
  rule,
  mend,
}: {
  readonly place?: string | undefined;
  readonly rule: string;
  readonly mend: string;
}): string => `${place === undefined ? '' : `${place}: `}expected that ${rule}. To mend: ${mend}.`;

/** Every error that Samspill raises on purpose. */
export class SamspillError extends Error {
  override readonly name = 'SamspillError';
  readonly retriable: boolean;
  readonly rule: string;
  readonly mend: string;
  readonly place: string | undefined;

  constructor(
    readonly code: ErrorCode,
    details: ErrorDetails = {},
  ) {
    const { retriable, rule, mend: usualMend } = errorCatalogue[code];
    const { place, cause, mend = usualMend } = details;
    super(
      `${code}: ${toldProblem({ place, rule, mend })}`,
      cause === undefined ? undefined : { cause },
    );
    this.retriable = retriable;
    this.rule = rule;
    this.mend = mend;
    this.place = place;
  }
}

/** True for errors that may pass by themselves, so that the same call can be made again. */
export const isRetriable = (
  error: unknown,
): error is SamspillError & { readonly retriable: true } =>
  error instanceof SamspillError && error.retriable;

/** For a `catch` whose caller comes again anyhow. */
export const throwUnlessRetriable = (error: unknown): void => {
  if (!isRetriable(error)) throw error;
};
