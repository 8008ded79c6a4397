// Generated from schemas/common by `npm run codegen`. Change it there.

export interface Source {
  /** Organisation number of the main unit. */
  readonly orgnrParent: string;
  /** Organisation number of the sub-unit. */
  readonly orgnrChild: string | null;
  readonly clientId: string;
  /** nhn-source-system: name and version of the sending system. */
  readonly system: string | null;
}

/** The clear fields that every event carries. No clinical content and no national id (design D3, D5). */
export interface Envelope {
  /** UUIDv8 of an HMAC under the product's index key (design D4); equals ce_id. */
  readonly eventId: string;
  /** When the fact took place, at the source's word; a date without a time counts as its first instant in UTC. */
  readonly occurredAt: number;
  /** When the publishing service accepted it. */
  readonly recordedAt: number;
  /** HMAC of the key by which the source knows the fact. */
  readonly naturalKey: string;
  /** HMAC of what the source sent, in canonical form; never of receipt time or warnings. */
  readonly contentMark: string;
  readonly source: Source;
  /** nhn-event-id of the call. */
  readonly correlationId: string | null;
  /** Event id of what led to this event. */
  readonly causationId: string | null;
}

/** The sealed part of an event: an inner Avro record under the data key of (patient, product) (design D5). */
export interface Sealed {
  /** A256GCM */
  readonly alg: string;
  readonly keyVersion: number;
  /** SHA-256 of the inner schema's canonical form. */
  readonly innerFingerprint: Buffer;
  readonly iv: Buffer;
  /** Ciphertext, then the 16 bytes of the authentication tag. */
  readonly bytes: Buffer;
}

export interface Coding {
  readonly system: string | null;
  readonly code: string;
  readonly display: string | null;
}

export interface Identifier {
  /** urn:oid: form where known, else as sent. */
  readonly system: string | null;
  readonly value: string;
}
