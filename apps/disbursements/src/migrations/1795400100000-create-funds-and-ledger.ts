import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Programmes, funds, and the double-entry ledger of each fund. */
export class CreateFundsAndLedger1795400100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE programme (
  code text PRIMARY KEY,
  name text NOT NULL,
  min_amount bigint NOT NULL,
  max_amount bigint NOT NULL,
  severities jsonb NOT NULL,
  approval_bands jsonb NOT NULL,
  CONSTRAINT programme_amounts CHECK (0 < min_amount AND min_amount <= max_amount)
);

CREATE TABLE fund (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT fund_code UNIQUE,
  name text NOT NULL,
  budget_source text NOT NULL,
  programme_codes text[] NOT NULL,
  channel text NOT NULL,
  account_bin text NOT NULL,
  account_number text NOT NULL,
  account_name text NOT NULL,
  office_code text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT fund_account UNIQUE (account_bin, account_number)
);

-- Money given to the fund stands as a negative sum under 'allotted'; all others hold it and never go below zero.
CREATE TABLE ledger_account (
  fund_id uuid NOT NULL REFERENCES fund,
  kind text NOT NULL CHECK (kind IN ('allotted', 'available', 'reserved', 'inFlight', 'paid')),
  balance bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (fund_id, kind),
  CONSTRAINT ledger_account_covered CHECK (CASE WHEN kind = 'allotted' THEN balance <= 0 ELSE balance >= 0 END)
);

CREATE TABLE ledger_transaction (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund_id uuid NOT NULL REFERENCES fund,
  kind text NOT NULL CHECK (kind IN ('allotment', 'reservation', 'release', 'sending', 'outcome', 'resolution', 'reversal')),
  reference text NOT NULL,
  batch_number bigint,
  reverses bigint REFERENCES ledger_transaction,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledger_transaction_once UNIQUE (fund_id, kind, reference),
  CONSTRAINT ledger_transaction_reversed_once UNIQUE (reverses)
);

CREATE INDEX ledger_transaction_batch ON ledger_transaction (batch_number);

CREATE TABLE ledger_posting (
  transaction_id bigint NOT NULL REFERENCES ledger_transaction,
  fund_id uuid NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (transaction_id, kind),
  FOREIGN KEY (fund_id, kind) REFERENCES ledger_account
);
CREATE INDEX ledger_posting_at ON ledger_posting (fund_id, at);

CREATE FUNCTION post_to_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account account SET balance = account.balance + moved.amount
  FROM (SELECT fund_id, kind, sum(amount)::bigint AS amount FROM posted GROUP BY fund_id, kind) moved
  WHERE account.fund_id = moved.fund_id AND account.kind = moved.kind;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_balance AFTER INSERT ON ledger_posting
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_to_account();

-- Checked at commit, so that no transaction can leave a one-sided entry behind.
-- Argument: the column that holds the transaction's id. A posting added to an older transaction is caught as well.
CREATE FUNCTION check_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked_id bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
  IF (SELECT count(*) < 2 OR sum(amount) <> 0 OR bool_or(fund_id <> NEW.fund_id)
      FROM ledger_posting WHERE transaction_id = checked_id) THEN
    RAISE EXCEPTION 'ledger transaction % does not sum to zero', checked_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_zero_sum';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transaction_zero_sum AFTER INSERT ON ledger_transaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_zero_sum('id');
CREATE CONSTRAINT TRIGGER ledger_posting_zero_sum AFTER INSERT ON ledger_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_zero_sum('transaction_id');

CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE ledger_posting;
DROP TABLE ledger_transaction;
DROP TABLE ledger_account;
DROP TABLE fund;
DROP TABLE programme;
DROP FUNCTION post_to_account();
DROP FUNCTION check_zero_sum();`);
  }
}
