/**
 * Terms: an *operation* is one change that a writer asks for; `n` counts the operations of a patient from 1 and is the
 * value that is measured, so that order and loss can be seen in the log and on the screen. An operation is sent again,
 * the very same, until its outcome is known. An *order* is a shred, or the closing or opening of a grant.
 */

/** What an operation does: a new measurement, or another version or the end of one before. */
export type Action = 'record' | 'correct' | 'retract';

export type OrderAction = 'shred' | 'close' | 'open';

/** An operation, as every line about it names it. */
export interface Operation {
  /** `<writer>/<patient's number>/<n>` */
  readonly op: string;
  /** Pseudonym. */
  readonly patient: string;
  readonly n: number;
}

/** One try of an operation is sent. */
export interface Invoked extends Operation {
  readonly kind: 'invoke';
  readonly action: Action;
  /** Which measurement of the patient, by the `n` that recorded it. */
  readonly measurement: number;
  /** Which instance, or `log` for a publisher. */
  readonly via: string;
}

/** Acknowledged: the event lies at the position. */
export interface Acknowledged extends Operation {
  readonly kind: 'ok';
  readonly eventId: string;
  /** `topic:partition:offset` */
  readonly position: string;
  /** The measurement's id in the mesh; absent where the answer does not tell it. */
  readonly measurementId?: string;
}

/** Nobody knows: it may be in the log. It is sent again. */
export interface Unclear extends Operation {
  readonly kind: 'info';
  readonly why: string;
}

/**
 * *fail*: certainly not in the log; *erased*: refused, since the key that sealed it, or what it changes, is destroyed, so
 * it may be in the log and is readable no more.
 */
export interface Refused extends Operation {
  readonly kind: 'fail' | 'erased';
  readonly why: string;
}

/** The highest value that a screen showed of a patient. */
export interface Read {
  readonly kind: 'read';
  readonly patient: string;
  readonly via: string;
  /** When it was asked for; `at` is when the answer was there. */
  readonly began: number;
  readonly status: number;
  /** 0: nothing. Absent unless the status is 200. */
  readonly seen?: number;
  /** The read waited for what was acknowledged up to this value, by Samspill-After. */
  readonly after?: number;
}

/** An order is given, perhaps again. */
export interface OrderGiven {
  readonly kind: 'order';
  readonly order: string;
  readonly action: OrderAction;
  readonly patient: string;
  readonly via: string;
}

/** It is carried out, as far as the key vault is concerned; or nobody knows, and it is given again. */
export interface OrderAnswered {
  readonly kind: 'ordered' | 'order-unknown';
  readonly order: string;
  readonly action: OrderAction;
  readonly patient: string;
  readonly answer: string;
}

/** Written by the runner. */
export interface FaultLine {
  readonly kind: 'fault';
  readonly fault: string;
  readonly step: 'inject' | 'heal' | 'recovered';
  readonly detail: string;
}

/** What happened. Nobody but the harness writes it, and it names nobody but by pseudonym. */
export type HistoryEvent =
  | Invoked
  | Acknowledged
  | Unclear
  | Refused
  | Read
  | OrderGiven
  | OrderAnswered
  | FaultLine
  | { readonly kind: 'note'; readonly text: string };

/** An event and when it was, in milliseconds since the epoch by the clock of the harness. */
export type HistoryLine = HistoryEvent & { readonly at: number };
