-- The versions of a read model (engine guide 8.7). They are state of the database, not of the code, so that every
-- instance of an app follows the same ones.
CREATE TABLE read_model_version (
  projection  text        NOT NULL,
  version     int         NOT NULL CHECK (version > 0),
  -- live: what the views show. building: read from the start of the log beside it. former: was live, and is followed
  -- on, so that a switch back loses nothing. discarded: its tables are gone, and its number is not used again.
  state       text        NOT NULL CHECK (state IN ('live', 'building', 'former', 'discarded')),
  started_at  timestamptz NOT NULL DEFAULT now(),
  -- When it last became live.
  switched_at timestamptz,
  -- What the switch to it is at, or why the last one was refused; and when that was written.
  step        text        NOT NULL DEFAULT '',
  step_at     timestamptz,
  PRIMARY KEY (projection, version)
);
CREATE UNIQUE INDEX read_model_version_live ON read_model_version (projection) WHERE state = 'live';
CREATE UNIQUE INDEX read_model_version_building ON read_model_version (projection) WHERE state = 'building';

-- A barrier: until `stop_until` no materialiser moves the checkpoint beyond `stop_at`, so that two versions can be made to
-- stand at one position. It ends by itself, should whoever set it be killed.
ALTER TABLE projection_offset
  ADD COLUMN stop_at    bigint,
  ADD COLUMN stop_until timestamptz;

-- The version that readers see; 1 before the first instance has started.
CREATE FUNCTION live_version(of_projection text) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT COALESCE((SELECT version FROM read_model_version
                    WHERE projection = of_projection AND state = 'live'), 1)
$$;

-- For later migrations: runs a statement, in which %s stands for the table, for all versions of a table, so that the one
-- under way is not forgotten. Columns that it adds are shown by the view.
CREATE FUNCTION for_each_version(of_table text, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  version_of_table regclass;
  shown            regclass;
BEGIN
  FOR version_of_table IN
    SELECT oid::regclass FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
       AND relname ~ ('^' || of_table || '_v[0-9]+$')
  LOOP
    EXECUTE format(statement, version_of_table);
  END LOOP;
  SELECT depends.refobjid::regclass INTO STRICT shown
    FROM pg_rewrite rule
    JOIN pg_depend depends ON depends.objid = rule.oid AND depends.classid = 'pg_rewrite'::regclass
   WHERE rule.ev_class = of_table::regclass AND depends.refclassid = 'pg_class'::regclass
     AND depends.refobjid <> rule.ev_class
   GROUP BY depends.refobjid;
  EXECUTE format('CREATE OR REPLACE VIEW %I AS SELECT * FROM %s', of_table, shown);
END $$;
