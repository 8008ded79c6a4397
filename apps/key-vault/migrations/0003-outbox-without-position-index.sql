-- Nothing looks a row up by where it lies in the log.
DROP INDEX outbox_position;
