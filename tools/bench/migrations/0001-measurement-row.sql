-- The nine columns of the race, and two that the engine has in every table: src_partition and key_version.
CREATE TABLE measurement_row_v1 (
  event_id      uuid             PRIMARY KEY,
  patient       text             NOT NULL,
  src_partition integer          NOT NULL,
  src_offset    bigint           NOT NULL,
  key_version   integer          NOT NULL,
  code          text             NOT NULL,
  value         double precision NOT NULL,
  unit          text             NOT NULL,
  effective_at  timestamptz      NOT NULL,
  organisation  text             NOT NULL,
  recorded_at   timestamptz      NOT NULL
);
CREATE INDEX measurement_row_v1_time ON measurement_row_v1 (patient, effective_at);
CREATE VIEW measurement_row AS SELECT * FROM measurement_row_v1;
