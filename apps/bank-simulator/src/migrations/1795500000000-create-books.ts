import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The bank's accounts, what it was told to do, and its double-entry books. */
export class CreateBooks1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(accounts);
    await runner.query(orders);
    await runner.query(books);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE posting, journal, transfer, message, statement, account;
DROP FUNCTION balance_postings, refuse_change;`);
  }
}

const accounts = `
CREATE TABLE account (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text NOT NULL CONSTRAINT account_number UNIQUE,
  name text NOT NULL,
  -- The bank's own accounts are the other side of every posting.
  is_own boolean NOT NULL DEFAULT false,
  opening_balance bigint NOT NULL,
  -- The sum of the account's postings, kept by their trigger alone.
  balance bigint NOT NULL DEFAULT 0,
  -- Accepted and not yet settled: the bank promises no money twice.
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  CONSTRAINT account_covered CHECK (is_own OR balance >= reserved)
);
INSERT INTO account (number, name, is_own, opening_balance)
VALUES ('CLEARING', 'Clearing with other banks', true, 0), ('CAPITAL', 'Where opening balances come from', true, 0);

CREATE TABLE statement (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id int NOT NULL REFERENCES account,
  sequence int NOT NULL CHECK (sequence > 0),
  day date NOT NULL,
  opening bigint NOT NULL,
  closing bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT statement_sequence UNIQUE (account_id, sequence)
);`;

const orders = `
CREATE TABLE message (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL CONSTRAINT message_once UNIQUE,
  digest bytea NOT NULL,
  -- The payer's account; null where the bank keeps no such account, and refuses the message.
  account_id int REFERENCES account,
  execution_on date NOT NULL,
  count int NOT NULL,
  -- What was accepted, and what the bank will take for it.
  accepted int NOT NULL DEFAULT 0,
  payable bigint NOT NULL DEFAULT 0,
  -- How many of the accepted will come back.
  returns int NOT NULL DEFAULT 0,
  -- The pain.002 as it was given, so that a repeated message gets the same bytes.
  answer bytea,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settle_at timestamptz,
  settled_at timestamptz,
  return_at timestamptz,
  returned_at timestamptz
);
CREATE INDEX message_to_settle ON message (settle_at, number) WHERE settled_at IS NULL;
CREATE INDEX message_to_return ON message (return_at, number) WHERE returned_at IS NULL;

-- One row a payment order. No foreign key: the rows come by one statement a message, which has just written its row.
CREATE TABLE transfer (
  message_number bigint NOT NULL,
  line int NOT NULL CHECK (line > 0),
  end_to_end_id text COLLATE "C" NOT NULL CONSTRAINT transfer_once UNIQUE,
  amount bigint NOT NULL,
  -- What the bank takes; other than the amount only when it errs on purpose.
  paid bigint NOT NULL,
  creditor_account text NOT NULL,
  creditor_bin text NOT NULL,
  refusal text,
  return_reason text,
  PRIMARY KEY (message_number, line)
);`;

const books = `
CREATE TABLE journal (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('opening', 'settlement', 'return')),
  account_id int NOT NULL REFERENCES account,
  message_number bigint REFERENCES message,
  booked_on date NOT NULL,
  booked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  statement_number bigint REFERENCES statement,
  CHECK ((kind = 'opening') = (message_number IS NULL)),
  -- A message is settled at most once, and its returns are booked at most once.
  CONSTRAINT journal_once UNIQUE (message_number, kind)
);
CREATE INDEX journal_without_statement ON journal (account_id, number) WHERE statement_number IS NULL;
CREATE INDEX journal_of_statement ON journal (statement_number, number);

-- Credits are above zero, debits below. Line 0 is the bank's own side; the others are the lines of the message.
CREATE TABLE posting (
  journal_number bigint NOT NULL,
  line int NOT NULL CHECK (line >= 0),
  account_id int NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (journal_number, line)
);

-- Each statement that books must balance by itself, journal by journal: so the books sum to zero at all times.
CREATE FUNCTION balance_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved int;
BEGIN
  IF EXISTS (SELECT FROM added GROUP BY journal_number HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'postings do not sum to zero'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_balanced';
  END IF;
  IF EXISTS (SELECT journal_number FROM added EXCEPT SELECT number FROM journal WHERE number IN (SELECT journal_number FROM added)) THEN
    RAISE EXCEPTION 'posting without a journal'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'posting_journal';
  END IF;
  UPDATE account SET balance = balance + total.amount
  FROM (SELECT account_id, sum(amount) AS amount FROM added GROUP BY account_id) AS total
  WHERE id = total.account_id;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> (SELECT count(DISTINCT account_id) FROM added) THEN
    RAISE EXCEPTION 'posting to an unknown account'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'posting_account';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_balanced AFTER INSERT ON posting
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION balance_postings();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refused on %: the books are only added to', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER posting_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_final BEFORE DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_final BEFORE DELETE OR TRUNCATE ON transfer
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER message_is_final BEFORE DELETE OR TRUNCATE ON message
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
