-- Orders to withhold one patient's data of one product from one consumer. An order stands while lifted_at is null; those
-- that were lifted stay, so that it can be answered who was to see what, when and why.
CREATE TABLE withholding_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer text NOT NULL,
  product text NOT NULL,
  patient text NOT NULL,
  -- Why; names no person.
  cause text NOT NULL,
  ordered_at timestamptz NOT NULL DEFAULT now(),
  lifted_at timestamptz,
  lifted_cause text,
  CHECK ((lifted_at IS NULL) = (lifted_cause IS NULL))
);
CREATE UNIQUE INDEX withholding_order_standing ON withholding_order (consumer, product, patient)
  WHERE lifted_at IS NULL;
