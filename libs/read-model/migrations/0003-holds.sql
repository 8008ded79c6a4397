-- Why a partition is held, so that any instance can say it for whoever has the partition. Moving on empties both.
ALTER TABLE projection_offset
  ADD COLUMN held_for   text,
  ADD COLUMN held_since timestamptz;
