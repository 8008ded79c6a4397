-- Everything that the key vault knows. No national number stands here, only its HMAC; no key stands here unwrapped.

-- The vault's own secrets, wrapped: that of the pseudonyms, and one index key a product.
CREATE TABLE secret (
  name text PRIMARY KEY,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pseudonym (
  identifier_mac bytea PRIMARY KEY CHECK (octet_length(identifier_mac) = 32),
  pseudonym text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A shredded version stays as a row without a key, so that "shredded" is a fact and a version is never used twice.
CREATE TABLE data_key (
  patient text NOT NULL,
  product text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  wrapped bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  shredded_at timestamptz,
  PRIMARY KEY (patient, product, version),
  CHECK ((wrapped IS NULL) = (shredded_at IS NOT NULL))
);

-- One key to seal with at a time, also when two instances make one at once.
CREATE UNIQUE INDEX data_key_active ON data_key (patient, product) WHERE shredded_at IS NULL;

-- Open while closed_at is null. Opened again: the same row.
CREATE TABLE delivery_grant (
  consumer text NOT NULL,
  product text NOT NULL,
  patient text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  PRIMARY KEY (consumer, product, patient)
);

-- Facts for the vault's own product. Written under one lock, so ids rise in the order of the commits.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Natural key of the fact: a restored database counts its ids again, but never makes this one twice.
  fact uuid NOT NULL DEFAULT gen_random_uuid(),
  patient text NOT NULL,
  event text NOT NULL,
  facts jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  log_partition integer,
  log_offset bigint,
  CHECK ((log_partition IS NULL) = (log_offset IS NULL))
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE log_offset IS NULL;
CREATE INDEX outbox_patient ON outbox (patient, id);
CREATE INDEX outbox_position ON outbox (log_partition, log_offset);

-- How far the vault's own topic was read back into this database; a restored one has an older place.
CREATE TABLE read_back (
  partition integer PRIMARY KEY,
  next_offset bigint NOT NULL
);
