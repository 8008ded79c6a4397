-- What the specs of this lib materialise.
CREATE TABLE reading_v1 (
  event_id       uuid        PRIMARY KEY,
  patient        text        NOT NULL,
  src_partition  int         NOT NULL,
  src_offset     bigint      NOT NULL,
  key_version    int         NOT NULL,
  measurement_id text        NOT NULL,
  measured_at    timestamptz NOT NULL,
  codes          text[]      NOT NULL,
  value          numeric     NOT NULL,
  note           text        NOT NULL,
  content        jsonb       NOT NULL,
  resource       json        NOT NULL
);
CREATE INDEX reading_v1_patient ON reading_v1 (patient);
CREATE VIEW reading AS SELECT * FROM reading_v1;

CREATE TABLE entry_v1 (
  event_id      uuid   PRIMARY KEY,
  patient       text   NOT NULL,
  src_partition int    NOT NULL,
  src_offset    bigint NOT NULL,
  key_version   int    NOT NULL,
  natural_key   text   NOT NULL,
  erased        boolean
);
CREATE INDEX entry_v1_patient ON entry_v1 (patient);
CREATE VIEW entry AS SELECT * FROM entry_v1;
