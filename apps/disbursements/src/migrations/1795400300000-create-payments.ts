import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approved payments, the chunks they are sent in, what the bank said of them, and what does not fit. */
export class CreatePayments1795400300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
INSERT INTO state_edge (machine, from_state, to_state) VALUES
  ('chunk', 'pending', 'sending'),
  ('chunk', 'sending', 'pending'), ('chunk', 'sending', 'unknown'), ('chunk', 'sending', 'accepted'),
  ('chunk', 'sending', 'refused'), ('chunk', 'sending', 'dead'),
  ('chunk', 'unknown', 'sending'),
  ('chunk', 'dead', 'pending'),
  ('exception', 'open', 'resolved');

CREATE TABLE chunk (
  batch_number bigint NOT NULL REFERENCES batch (number),
  chunk_no int NOT NULL,
  first_row int NOT NULL,
  last_row int NOT NULL,
  payments int NOT NULL CHECK (payments > 0),
  amount bigint NOT NULL CHECK (amount > 0),
  state text NOT NULL DEFAULT 'pending',
  message_id text NOT NULL CONSTRAINT chunk_message UNIQUE,
  message_digest text,
  -- An earlier attempt may have reached the bank: ask by message id before sending.
  possibly_sent boolean NOT NULL DEFAULT false,
  attempts int NOT NULL DEFAULT 0,
  -- Fencing number: grows with each lease, and only its latest holder may write.
  fence bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  problem text,
  first_sent_at timestamptz,
  answered_at timestamptz,
  paid_count int NOT NULL DEFAULT 0, paid_amount bigint NOT NULL DEFAULT 0,
  returned_count int NOT NULL DEFAULT 0, returned_amount bigint NOT NULL DEFAULT 0,
  refused_count int NOT NULL DEFAULT 0, refused_amount bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (batch_number, chunk_no),
  CONSTRAINT chunk_conserved CHECK (
    paid_count >= 0 AND returned_count >= 0 AND refused_count >= 0 AND
    paid_amount >= 0 AND returned_amount >= 0 AND refused_amount >= 0 AND
    paid_count + returned_count + refused_count <= payments AND
    paid_amount + returned_amount + refused_amount <= amount)
);
CREATE INDEX chunk_due ON chunk (due_at) WHERE state IN ('pending', 'sending', 'unknown');
CREATE TRIGGER chunk_state BEFORE INSERT OR UPDATE OF state ON chunk
  FOR EACH ROW EXECUTE FUNCTION guard_state('chunk', 'pending');

-- An approved line. Immutable but for released, which a refusal, a return or a cancellation sets, so that the obligation may come again.
CREATE TABLE payment (
  batch_number bigint NOT NULL,
  row_no int NOT NULL,
  chunk_no int NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  payee_key uuid NOT NULL,
  account_key uuid NOT NULL,
  obligation_key uuid NOT NULL,
  released boolean NOT NULL DEFAULT false,
  PRIMARY KEY (batch_number, row_no)
);
-- One obligation is paid once, for ever. The payee stands first so that the same index finds a person's payments.
CREATE UNIQUE INDEX payment_obligation_once ON payment (payee_key, obligation_key) WHERE NOT released;
CREATE INDEX payment_released_payee ON payment (payee_key) WHERE released;

CREATE TABLE statement (
  id uuid PRIMARY KEY,
  fund_id uuid NOT NULL REFERENCES fund,
  kind text NOT NULL,
  document_id text NOT NULL,
  digest text NOT NULL,
  sequence bigint,
  opening bigint,
  closing bigint,
  booked_on date,
  entries int NOT NULL DEFAULT 0,
  matched int NOT NULL DEFAULT 0,
  exceptions int NOT NULL DEFAULT 0,
  imported_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT statement_once UNIQUE (fund_id, kind, document_id)
);

-- Movements that the bank books as one sum a message: compared with the sum of the single payments.
CREATE TABLE statement_entry (
  statement_id uuid NOT NULL REFERENCES statement,
  entry_no int NOT NULL,
  message_id text,
  direction text NOT NULL CHECK (direction IN ('debit', 'credit')),
  payments int,
  amount bigint NOT NULL,
  booked_on date,
  reference text NOT NULL,
  PRIMARY KEY (statement_id, entry_no)
);
CREATE INDEX statement_entry_message ON statement_entry (message_id);
CREATE TRIGGER statement_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the bank said of a payment: at most one row of each kind.
CREATE TABLE payment_outcome (
  batch_number bigint NOT NULL,
  row_no int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('paid', 'returned', 'refused')),
  amount bigint NOT NULL CHECK (amount > 0),
  booked_on date,
  reference text,
  reason text,
  statement_id uuid,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (batch_number, row_no, kind)
);

CREATE FUNCTION guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released OR NOT NEW.released
     OR (OLD.batch_number, OLD.row_no, OLD.chunk_no, OLD.amount, OLD.payee_key, OLD.account_key, OLD.obligation_key)
     IS DISTINCT FROM
        (NEW.batch_number, NEW.row_no, NEW.chunk_no, NEW.amount, NEW.payee_key, NEW.account_key, NEW.obligation_key)
     OR NOT EXISTS (SELECT FROM payment_outcome outcome
                    WHERE outcome.batch_number = OLD.batch_number AND outcome.row_no = OLD.row_no
                      AND outcome.kind IN ('refused', 'returned'))
        AND NOT EXISTS (SELECT FROM batch WHERE number = OLD.batch_number AND state = 'cancelled') THEN
    RAISE EXCEPTION 'a payment is immutable; only a refusal, a return or a cancellation releases its obligation'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_immutable';
  END IF;
  RETURN NEW;
END $$;
-- Payments come into being by the approval alone: none is added to a batch afterwards.
CREATE FUNCTION guard_new_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT batch_number FROM added) touched
             LEFT JOIN batch ON batch.number = touched.batch_number
             WHERE batch.state IS DISTINCT FROM 'submitted') THEN
    RAISE EXCEPTION 'payments are made only by the approval of a submitted batch'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_immutable';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_insert AFTER INSERT ON payment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_new_payment();
CREATE TRIGGER payment_update BEFORE UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION guard_payment();
CREATE TRIGGER payment_kept BEFORE DELETE OR TRUNCATE ON payment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_outcome_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_outcome
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statement_kept BEFORE DELETE OR TRUNCATE ON statement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Something the bank did that is not what we asked: somebody has to look.
CREATE TABLE payment_exception (
  id uuid PRIMARY KEY,
  fund_id uuid NOT NULL REFERENCES fund,
  code text NOT NULL,
  batch_number bigint,
  row_no int,
  end_to_end_id text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('debit', 'credit')),
  expected_amount bigint,
  observed_amount bigint NOT NULL,
  booked_on date,
  reference text NOT NULL,
  statement_id uuid NOT NULL REFERENCES statement,
  state text NOT NULL DEFAULT 'open',
  owner text,
  resolution text,
  note text,
  resolved_by text,
  resolved_at timestamptz,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT payment_exception_once UNIQUE (fund_id, reference, end_to_end_id, code)
);
CREATE INDEX payment_exception_batch ON payment_exception (batch_number, row_no);
CREATE INDEX payment_exception_open ON payment_exception (id) WHERE state = 'open';
CREATE TRIGGER payment_exception_state BEFORE INSERT OR UPDATE OF state ON payment_exception
  FOR EACH ROW EXECUTE FUNCTION guard_state('exception', 'open');

-- How far the bank's documents of an account have been read.
CREATE TABLE bank_cursor (
  fund_id uuid PRIMARY KEY REFERENCES fund,
  cursor text NOT NULL
);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE bank_cursor, payment_exception, payment_outcome, payment, statement_entry, statement, chunk;
DROP FUNCTION guard_payment(), guard_new_payment();
DELETE FROM state_edge WHERE machine IN ('chunk', 'exception');`);
  }
}
