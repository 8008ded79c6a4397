-- The intake ledger (design D14): one row per event of the product, clear fields alone, found across patients.
CREATE TABLE held_event_v1 (
  event_id       uuid        PRIMARY KEY,
  patient        text        NOT NULL,
  src_partition  int         NOT NULL,
  src_offset     bigint      NOT NULL,
  key_version    int         NOT NULL,
  natural_key    text        NOT NULL,
  content_mark   text        NOT NULL,
  measurement_id text        NOT NULL,
  event_name     text        NOT NULL,
  recorded_at    timestamptz NOT NULL,
  -- The data key that sealed it is destroyed.
  erased         boolean     NOT NULL
);

-- Each event of a key is recorded later than the one it replaces, also where it lies on another partition.
CREATE INDEX held_event_v1_key ON held_event_v1 (natural_key, recorded_at);
-- A destroyed key marks the rows of its patient.
CREATE INDEX held_event_v1_patient ON held_event_v1 (patient);

CREATE VIEW held_event AS SELECT * FROM held_event_v1;
