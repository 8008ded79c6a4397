-- The sources of one patient are found by stepping from one to the next, so that their rows need not be read. As one text,
-- since null is neither smaller nor greater than a text.
SELECT for_each_version('measurement', $$CREATE INDEX ON %s
  (patient, (source_orgnr || ' ' || coalesce(source_orgnr_child, '') || ' ' || coalesce(source_system, '')), recorded_at)$$);
