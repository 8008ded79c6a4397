-- What parking needs beyond the gate itself (engine guide, section 8.5).

-- When the state was set; reading on from `from_offset` leaves it as it is.
ALTER TABLE patient_gate ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();

-- Few patients wait: whoever looks for them, and whoever counts those that were parked of late, reads these alone.
CREATE INDEX patient_gate_waiting ON patient_gate (projection, version, state, changed_at)
  WHERE state IN ('parked', 'catching-up');

-- Where too many patients would have been parked with one code: nobody more is, until reading has passed `at_offset`.
CREATE TABLE parking_stop (
  projection  text        NOT NULL,
  version     int         NOT NULL,
  topic       text        NOT NULL,
  partition   int         NOT NULL,
  code        text        NOT NULL,
  -- True: those who are catching up are stopped, and the live stream goes on.
  catching_up boolean     NOT NULL,
  at_offset   bigint      NOT NULL,
  stopped_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, version, topic, partition, code, catching_up)
);

-- An operator's word that a code is about the data: until then it parks as many patients as it meets.
CREATE TABLE parking_accepted (
  projection     text        NOT NULL,
  code           text        NOT NULL,
  accepted_until timestamptz NOT NULL,
  PRIMARY KEY (projection, code)
);
