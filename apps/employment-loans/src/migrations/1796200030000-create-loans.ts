import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, open, protect, unprotect } from '@ansinh/database';
import { dropLedgerTables, ledgerTables } from '@ansinh/ledger';

const ledger = {
  name: 'book',
  ownerColumn: 'loan_id',
  ownerTable: 'loan',
  accounts: {
    capital: 'open',
    principal: 'held',
    overduePrincipal: 'held',
    interestReceivable: 'held',
    overdueInterestReceivable: 'held',
    interestIncome: 'open',
    writeOff: 'held',
    borrowerCredit: 'source',
  },
  kinds: ['disbursed', 'accrued', 'fellOverdue', 'repaid', 'refunded', 'writtenOff', 'reversal'],
  notes: 'counts_on date NOT NULL, cause text NOT NULL',
} as const;

/** What each state may become, by which move, and whether that move rests on a paper. As it was on this day of the code. */
const rules = `
INSERT INTO loan_rule (kind, from_state, to_state, has_decision) VALUES
  ('confirm', 'applied', 'confirmed', true), ('sendBack', 'confirmed', 'applied', true),
  ('appraise', 'confirmed', 'appraised', true), ('approve', 'appraised', 'approved', true),
  ('refuse', 'applied', 'refused', true), ('refuse', 'confirmed', 'refused', true), ('refuse', 'appraised', 'refused', true),
  ('sign', 'approved', 'contracted', true), ('cancel', 'approved', 'cancelled', true),
  ('cancel', 'contracted', 'cancelled', true), ('disburse', 'contracted', 'disbursing', true),
  ('disbursementPaid', 'disbursing', 'active', false), ('disbursementReturned', 'disbursing', 'approved', false),
  ('disburseTranche', 'active', 'active', true), ('fallOverdue', 'active', 'overdue', false),
  ('catchUp', 'overdue', 'active', false), ('thaw', 'frozen', 'active', false), ('reopen', 'closed', 'active', true),
  ('refund', 'closed', 'closed', true);
INSERT INTO loan_rule (kind, from_state, to_state, has_decision)
  SELECT 'withdraw', state, 'withdrawn', true FROM unnest(ARRAY['applied', 'confirmed', 'appraised', 'approved', 'contracted']) state
  UNION ALL
  SELECT kind, state, state, kind NOT IN ('tranchePaid', 'trancheReturned')
  FROM unnest(ARRAY['tranchePaid', 'trancheReturned', 'repay', 'refund', 'reverse', 'changeRate', 'cancelInterest',
                    'cancelPrincipal']) kind,
       unnest(ARRAY['active', 'overdue', 'frozen', 'recalled']) state
  UNION ALL
  SELECT 'settle', state, 'closed', false FROM unnest(ARRAY['active', 'overdue', 'frozen', 'recalled']) state
  UNION ALL
  SELECT 'checkUse', state, state, true FROM unnest(ARRAY['active', 'overdue']) state
  UNION ALL
  SELECT kind, state, 'active', true
  FROM unnest(ARRAY['extend', 'defer', 'reschedule']) kind, unnest(ARRAY['active', 'overdue']) state
  UNION ALL
  SELECT kind, state, becomes, true
  FROM (VALUES ('recall', 'recalled'), ('freeze', 'frozen')) AS hard (kind, becomes),
       unnest(ARRAY['active', 'overdue']) state;
INSERT INTO state_edge (machine, from_state, to_state)
  SELECT DISTINCT 'loan', from_state, to_state FROM loan_rule WHERE from_state <> to_state;
INSERT INTO state_edge (machine, from_state, to_state) VALUES ('disbursement', 'ordered', 'paid'),
  ('disbursement', 'ordered', 'returned'), ('disbursement', 'paid', 'returned');`;

/** Loans: what was asked for, every move with its decision, contracts, disbursements, the events of the book, and its ledger. */
export class CreateLoans1796200030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE loan_rule (
  kind text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  has_decision boolean NOT NULL,
  PRIMARY KEY (kind, from_state, to_state, has_decision)
);
${rules}

CREATE SEQUENCE loan_number;
GRANT USAGE ON SEQUENCE loan_number TO ansinh_office, ansinh_system;

CREATE TABLE loan (
  id uuid PRIMARY KEY,
  code text NOT NULL DEFAULT 'VV-' || lpad(nextval('loan_number')::text, 8, '0') UNIQUE,
  product_code text NOT NULL,
  place_code text NOT NULL,
  -- Of the desk that received it.
  office_code text NOT NULL,
  borrower_kind text NOT NULL,
  borrower_name text NOT NULL CHECK (borrower_name <> ''),
  person_id uuid,
  employer_id uuid,
  is_priority boolean NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  term_months int NOT NULL CHECK (term_months > 0),
  project jsonb NOT NULL,
  -- What was appraised; at the approval, what was approved.
  granted_amount bigint CHECK (granted_amount > 0),
  granted_term_months int CHECK (granted_term_months > 0),
  rate_ppm int CHECK (rate_ppm >= 0),
  plan_id uuid REFERENCES capital_plan,
  state text NOT NULL DEFAULT 'applied',
  -- How many moves it has: its version.
  moves int NOT NULL DEFAULT 1,
  CHECK (num_nulls(person_id, employer_id) = 1),
  CHECK (num_nulls(granted_amount, granted_term_months, rate_ppm) IN (0, 3))
);
CREATE INDEX loan_by_state ON loan (state, id);
CREATE INDEX loan_person ON loan (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX loan_employer ON loan (employer_id) WHERE employer_id IS NOT NULL;
CREATE TRIGGER loan_state BEFORE INSERT OR UPDATE OF state ON loan FOR EACH ROW EXECUTE FUNCTION guard_state('loan', 'applied');
CREATE TRIGGER loan_kept BEFORE DELETE OR TRUNCATE ON loan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whose jobs the loan is to make or keep: by name.
CREATE TABLE loan_worker (
  loan_id uuid NOT NULL REFERENCES loan,
  person_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL CHECK (kind IN ('created', 'kept')),
  PRIMARY KEY (loan_id, person_id)
);
-- Where a use check found the worker at work. A worker counts once, whatever loans name him.
CREATE TABLE loan_job (
  person_id uuid PRIMARY KEY,
  loan_id uuid NOT NULL,
  move int NOT NULL,
  counted_on date NOT NULL,
  FOREIGN KEY (loan_id, person_id) REFERENCES loan_worker
);
CREATE INDEX loan_job_loan ON loan_job (loan_id);

CREATE TABLE loan_move (
  loan_id uuid NOT NULL REFERENCES loan,
  number int NOT NULL CHECK (number > 0),
  kind text NOT NULL,
  -- Null for the application alone.
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decision text CHECK (decision <> ''),
  decided_on date,
  has_decision boolean NOT NULL DEFAULT false CHECK (has_decision = (decision IS NOT NULL)),
  note text,
  facts jsonb NOT NULL DEFAULT '{}',
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  PRIMARY KEY (loan_id, number),
  UNIQUE (loan_id, number, to_state),
  CHECK (num_nulls(decision, decided_on) <> 1),
  CHECK (CASE WHEN number = 1 THEN kind = 'apply' AND from_state IS NULL AND to_state = 'applied' ELSE from_state IS NOT NULL END),
  CONSTRAINT loan_move_rule FOREIGN KEY (kind, from_state, to_state, has_decision) REFERENCES loan_rule
);
CREATE FUNCTION guard_loan_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NEW.from_state IS DISTINCT FROM
     (SELECT to_state FROM loan_move WHERE loan_id = NEW.loan_id AND number = NEW.number - 1) THEN
    RAISE EXCEPTION 'a move begins where the one before it ended'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_move_follows';
  END IF;
  -- Four eyes: nobody approves what he appraised himself, however long ago.
  IF NEW.kind = 'approve' AND EXISTS (
    SELECT FROM loan_move WHERE loan_id = NEW.loan_id AND kind = 'appraise' AND actor_id = NEW.actor_id
  ) THEN
    RAISE EXCEPTION 'who appraised a loan does not approve it'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_four_eyes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER loan_move_follows BEFORE INSERT ON loan_move FOR EACH ROW EXECUTE FUNCTION guard_loan_move();

-- No change of a loan without the row that says who made it and on which paper: it counts one move on, that move is there at
-- the commit, and led to the state that the loan has.
ALTER TABLE loan ADD CONSTRAINT loan_moved FOREIGN KEY (id, moves, state) REFERENCES loan_move (loan_id, number, to_state)
  DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION guard_loan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.moves <> OLD.moves + 1
     OR (NEW.id, NEW.code, NEW.product_code, NEW.place_code, NEW.office_code, NEW.borrower_kind, NEW.borrower_name,
         NEW.person_id, NEW.employer_id, NEW.is_priority, NEW.amount, NEW.term_months, NEW.project)
        IS DISTINCT FROM
        (OLD.id, OLD.code, OLD.product_code, OLD.place_code, OLD.office_code, OLD.borrower_kind, OLD.borrower_name,
         OLD.person_id, OLD.employer_id, OLD.is_priority, OLD.amount, OLD.term_months, OLD.project) THEN
    RAISE EXCEPTION 'a loan changes by a move, and never what was asked for'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_moved';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER loan_changes BEFORE UPDATE ON loan FOR EACH ROW EXECUTE FUNCTION guard_loan();

CREATE TABLE loan_contract (
  loan_id uuid NOT NULL,
  number int NOT NULL CHECK (number > 0),
  move int NOT NULL,
  contract_number text NOT NULL,
  signed_on date NOT NULL,
  -- With the code of the loan, the version of the product by which it is kept to its end.
  product_from date NOT NULL,
  terms jsonb NOT NULL,
  account_bin text NOT NULL,
  account_holder text NOT NULL,
  -- The account, and the citizen number of whoever receives the money.
  sealed_payee bytea NOT NULL,
  PRIMARY KEY (loan_id, number),
  FOREIGN KEY (loan_id, move) REFERENCES loan_move (loan_id, number)
);

CREATE TABLE disbursement (
  id uuid PRIMARY KEY,
  loan_id uuid NOT NULL,
  number int NOT NULL CHECK (number > 0),
  contract int NOT NULL,
  move int NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  -- Which tranche of the loan it is. One that came back is ordered again under its number: the obligation is one and the same.
  ordinal int NOT NULL CHECK (ordinal > 0),
  -- The list that it goes out by, and its row there.
  payout_id uuid REFERENCES payout,
  payout_row int,
  state text NOT NULL DEFAULT 'ordered',
  settled_on date,
  reason text,
  CONSTRAINT disbursement_row UNIQUE (payout_id, payout_row),
  CHECK (num_nulls(payout_id, payout_row) <> 1),
  UNIQUE (loan_id, number),
  FOREIGN KEY (loan_id, contract) REFERENCES loan_contract (loan_id, number),
  FOREIGN KEY (loan_id, move) REFERENCES loan_move (loan_id, number),
  CHECK ((state = 'ordered') = (settled_on IS NULL))
);
-- One at a time: what comes back is known before more goes out.
CREATE UNIQUE INDEX disbursement_open ON disbursement (loan_id) WHERE state = 'ordered';
CREATE TRIGGER disbursement_state BEFORE INSERT OR UPDATE ON disbursement
  FOR EACH ROW EXECUTE FUNCTION guard_state('disbursement', 'ordered');
CREATE FUNCTION guard_disbursement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.loan_id, NEW.number, NEW.contract, NEW.move, NEW.amount, NEW.ordinal)
     IS DISTINCT FROM (OLD.id, OLD.loan_id, OLD.number, OLD.contract, OLD.move, OLD.amount, OLD.ordinal)
     OR (OLD.payout_id IS NOT NULL AND (NEW.payout_id, NEW.payout_row) IS DISTINCT FROM (OLD.payout_id, OLD.payout_row))
     OR (NEW.state = OLD.state AND NEW.settled_on IS DISTINCT FROM OLD.settled_on) THEN
    RAISE EXCEPTION 'a disbursement is listed once and settled by its state, and else never changed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'disbursement_settled';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disbursement_changes BEFORE UPDATE ON disbursement FOR EACH ROW EXECUTE FUNCTION guard_disbursement();
CREATE TRIGGER disbursement_kept BEFORE DELETE OR TRUNCATE ON disbursement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the book of a loan is folded from. Only ever added to.
CREATE TABLE loan_event (
  loan_id uuid NOT NULL REFERENCES loan,
  number int NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('disbursed', 'repaid', 'refunded', 'reversed', 'rateChanged', 'extended', 'deferred',
    'rescheduled', 'frozen', 'interestCancelled', 'principalCancelled', 'recalled', 'accrued')),
  counts_on date NOT NULL,
  recorded_on date NOT NULL,
  facts jsonb NOT NULL,
  -- Null for the end of a day, which nobody decides.
  move int,
  PRIMARY KEY (loan_id, number),
  FOREIGN KEY (loan_id, move) REFERENCES loan_move (loan_id, number),
  CHECK (counts_on <= recorded_on),
  CHECK ((kind = 'accrued') = (move IS NULL))
);
-- The end of a day comes once.
CREATE UNIQUE INDEX loan_event_day ON loan_event (loan_id, counts_on) WHERE kind = 'accrued';

-- How far the ledger of a loan goes, and what a list needs to know of its book.
CREATE TABLE loan_book (
  loan_id uuid PRIMARY KEY REFERENCES loan,
  events int NOT NULL DEFAULT 0,
  booked_through date NOT NULL,
  days_past_due int NOT NULL DEFAULT 0
);
${ledgerTables(ledger)}
${appendOnly.map(refuseChangeOf).join('\n')}`);
    await runner.query(
      open('loan_rule', 'what may happen to a loan', { office: 'SELECT', system: 'SELECT' }),
    );
    await runner.query(protect('loan', ofOffice('place_code')));
    for (const table of ofLoan) await runner.query(protect(table, of('loan', 'id', 'loan_id')));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['loan', 'loan_rule', ...ofLoan]) await runner.query(unprotect(table));
    await runner.query(`
ALTER TABLE loan DROP CONSTRAINT loan_moved;
${dropLedgerTables('book')}
DROP TABLE loan_book, loan_event, disbursement, loan_contract, loan_job, loan_worker, loan_move, loan, loan_rule;
DROP SEQUENCE loan_number;
DROP FUNCTION guard_loan(), guard_loan_move(), guard_disbursement();
DELETE FROM state_edge WHERE machine IN ('loan', 'disbursement');`);
  }
}

const ofLoan = [
  'loan_worker',
  'loan_job',
  'loan_move',
  'loan_contract',
  'disbursement',
  'loan_event',
  'loan_book',
  'book_account',
  'book_transaction',
  'book_posting',
];
const appendOnly = ['loan_rule', 'loan_worker', 'loan_job', 'loan_move', 'loan_contract', 'loan_event'];
const refuseChangeOf = (table: string) => `
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
