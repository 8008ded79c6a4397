-- The last record that was applied below the checkpoint: a log that was wiped and has grown beyond the checkpoint again
-- is told by it from the log that was read.
ALTER TABLE projection_offset
  ADD COLUMN last_offset bigint,
  -- What tells the record from any other at that offset: see last-record.ts. No patient data.
  ADD COLUMN last_record text;
