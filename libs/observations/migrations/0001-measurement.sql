-- One row per event: every version of every measurement, and every retraction.
-- The version that holds is the one with the highest src_offset of (patient, measurement_id): a patient's events lie on one
-- partition, so their offsets are their order.
CREATE TABLE measurement_v1 (
  event_id           uuid        PRIMARY KEY,
  patient            text        NOT NULL,
  src_partition      integer     NOT NULL,
  src_offset         bigint      NOT NULL,
  key_version        integer     NOT NULL,
  measurement_id     text        NOT NULL,
  status             text        NOT NULL,
  recorded_at        timestamptz NOT NULL,
  source_orgnr       text        NOT NULL,
  source_orgnr_child text,
  source_system      text,
  -- entered-in-error, cancelled or wrong-patient; then the columns below are null.
  retraction         text,
  kind               text,
  -- What belongs into one trend: the kind, or for an unlisted one its kind and code.
  series             text,
  -- Each as "code" and as "system|code".
  codes              text[],
  -- From (inclusive) and to (exclusive) of the time that was measured at: a date spans its day.
  effective_from     timestamptz,
  effective_to       timestamptz,
  -- MeasurementContent as JSON, without what stands elsewhere. Text, since nothing is asked of its inside.
  content            text,
  -- The Observation as received. Identifying: it holds the patient's number.
  resource           text,
  CHECK (retraction IS NOT NULL OR (kind IS NOT NULL AND series IS NOT NULL AND codes IS NOT NULL
    AND effective_from IS NOT NULL AND effective_to IS NOT NULL AND content IS NOT NULL AND resource IS NOT NULL))
);

CREATE INDEX measurement_v1_versions ON measurement_v1 (patient, measurement_id, src_offset);
CREATE INDEX measurement_v1_series ON measurement_v1 (patient, series, effective_from, src_offset);
CREATE INDEX measurement_v1_time ON measurement_v1 (patient, effective_from, event_id);
CREATE INDEX measurement_v1_retractions ON measurement_v1 (patient) WHERE retraction IS NOT NULL;

CREATE VIEW measurement AS SELECT * FROM measurement_v1;
