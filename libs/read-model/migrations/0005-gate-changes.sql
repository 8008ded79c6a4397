-- Counts the transactions that changed a gate or a destroyed key of the partition, under its lock: a batch that has read the
-- gates before the lock reads them again only where it has moved.
ALTER TABLE projection_offset ADD COLUMN gate_changes bigint NOT NULL DEFAULT 0;
