-- What every read model keeps beside its rows (engine guide, section 8). Applied before an app's own migrations.

-- The checkpoint: committed together with the rows that it stands for. One row a partition, made before any claim, so
-- that there is always a row to lock.
CREATE TABLE projection_offset (
  projection  text        NOT NULL,
  version     int         NOT NULL,
  topic       text        NOT NULL,
  partition   int         NOT NULL,
  next_offset bigint      NOT NULL DEFAULT 0,
  owner_epoch bigint      NOT NULL DEFAULT 0,
  owner       text,
  cluster_id  text,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, version, topic, partition)
) WITH (fillfactor = 50);

-- The gate. No row means open. A row that says open keeps the position of the grant that opened it.
CREATE TABLE patient_gate (
  projection  text   NOT NULL,
  version     int    NOT NULL,
  patient     text   NOT NULL,
  state       text   NOT NULL CHECK (state IN ('open', 'withheld', 'parked', 'catching-up')),
  -- Where reading goes on once the gate opens.
  from_offset bigint NOT NULL,
  -- An error code or the cause that the key vault gave; no patient data.
  reason      text   NOT NULL,
  -- `topic:partition:offset` of the record that set this state.
  position    text   NOT NULL,
  PRIMARY KEY (projection, version, patient)
);

-- All key versions up to this one are destroyed: what they sealed is never written again.
CREATE TABLE shredded_key (
  projection  text NOT NULL,
  version     int  NOT NULL,
  patient     text NOT NULL,
  product     text NOT NULL,
  key_version int  NOT NULL,
  position    text NOT NULL,
  PRIMARY KEY (projection, version, patient, product)
);
