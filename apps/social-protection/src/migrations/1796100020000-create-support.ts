import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { runStates } from '../run/run.states.js';

const ofList = of('support_list', 'id', 'list_id');
const ofRun = of('support_run', 'id', 'run_id');

const protectedTables: Record<string, string> = {
  support_list: ofOffice('office_code'),
  list_row: ofList,
  list_finding: ofList,
  insurance_list: ofOffice('office_code'),
  insurance_fact: of('insurance_list', 'id', 'list_id'),
  support_run: ofOffice('office_code'),
  run_list: ofRun,
  run_approval: ofRun,
  decision: ofOffice('office_code'),
  entitlement: ofOffice('office_code'),
};

const appendOnly = ['list_row', 'list_finding', 'insurance_fact', 'run_approval', 'decision'];

const edges = Object.entries(runStates).flatMap(([from, tos]) =>
  tos.map((to) => `('supportRun', '${from}', '${to}')`),
);

/** One-off programmes: lists of people, what the insurance office says of them, decisions, and what is owed by them. */
export class CreateSupport1796100020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- What an employer or a commune asks for, for its people, in one file.
CREATE TABLE support_list (
  id uuid PRIMARY KEY,
  programme text NOT NULL,
  -- The policy, or the group, that is asked for.
  choice text NOT NULL,
  -- First days of the months that are asked for; none where a programme pays once.
  months date[] NOT NULL,
  employer_tax_code text,
  employer_name text NOT NULL,
  employer_type text NOT NULL,
  place_code text NOT NULL,
  -- The commune of today.
  office_code text NOT NULL,
  received_on date NOT NULL,
  file_digest text NOT NULL,
  rows int NOT NULL,
  blocked int NOT NULL,
  -- It had rows that cannot be read and nobody set them aside: it waits for no decision, a corrected one comes.
  is_refused boolean NOT NULL,
  created_by text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX support_list_office ON support_list (office_code, id);
CREATE INDEX support_list_programme ON support_list (programme, id) WHERE NOT is_refused;

CREATE TABLE list_row (
  list_id uuid NOT NULL REFERENCES support_list,
  row_no int NOT NULL,
  is_blocked boolean NOT NULL,
  -- HMAC of the citizen number, the same as in every other service.
  person_key uuid,
  name text,
  -- Citizen number and account, sealed as one text.
  sealed bytea,
  bank_bin text,
  -- What the list says of the person, by the names of the law.
  facts jsonb NOT NULL,
  PRIMARY KEY (list_id, row_no)
);

CREATE TABLE list_finding (
  list_id uuid NOT NULL REFERENCES support_list,
  row_no int NOT NULL,
  code text NOT NULL,
  column_name text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (list_id, row_no, code, column_name)
);

CREATE TABLE insurance_list (
  id uuid PRIMARY KEY,
  office_code text NOT NULL,
  file_digest text NOT NULL,
  rows int NOT NULL,
  created_by text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Whether somebody was insured by an employer in a month. What was said later counts.
CREATE TABLE insurance_fact (
  person_key uuid NOT NULL,
  month date NOT NULL CONSTRAINT insurance_fact_month CHECK (extract(day FROM month) = 1),
  employer_tax_code text NOT NULL,
  list_id uuid NOT NULL REFERENCES insurance_list,
  row_no int NOT NULL,
  is_insured boolean NOT NULL,
  PRIMARY KEY (person_key, month, employer_tax_code, list_id)
);

-- Deciding on lists: as of a day, chunk by chunk, and then approved as a whole.
CREATE TABLE support_run (
  id uuid PRIMARY KEY,
  programme text NOT NULL,
  office_code text NOT NULL,
  decided_on date NOT NULL,
  state text NOT NULL,
  -- Rows that wait for a decision, and how many of them were decided.
  rows int NOT NULL,
  taken int NOT NULL DEFAULT 0 CONSTRAINT support_run_taken CHECK (taken BETWEEN 0 AND rows),
  -- The last row that was decided: number of its list in the run, and its own.
  at_list int NOT NULL DEFAULT 0,
  at_row int NOT NULL DEFAULT 0,
  -- Of the law by which it is decided, from the first chunk on.
  law_digest text,
  -- By rule: the articles that it rests on, as they were cited when it was decided.
  citations jsonb NOT NULL DEFAULT '{}',
  -- Of all decisions in their order: what a checker signs.
  digest text,
  created_by text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  submitted_by text,
  submitted_by_name text
);
CREATE INDEX support_run_office ON support_run (office_code, id);
CREATE TRIGGER support_run_state BEFORE INSERT OR UPDATE OF state ON support_run
  FOR EACH ROW EXECUTE FUNCTION guard_state('supportRun', 'deciding');
INSERT INTO state_edge VALUES ${edges.join(', ')};

CREATE TABLE run_list (
  run_id uuid NOT NULL REFERENCES support_run,
  number int NOT NULL,
  list_id uuid NOT NULL REFERENCES support_list,
  is_released boolean NOT NULL DEFAULT false,
  PRIMARY KEY (run_id, number)
);
CREATE UNIQUE INDEX run_list_once ON run_list (list_id) WHERE NOT is_released;

CREATE TABLE run_approval (
  run_id uuid PRIMARY KEY REFERENCES support_run,
  verdict text NOT NULL CONSTRAINT run_approval_verdict CHECK (verdict IN ('approved', 'rejected')),
  digest text NOT NULL,
  reason text,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who made a run, brought one of its lists or submitted it does not approve it.
CREATE FUNCTION refuse_own_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'approved' AND EXISTS (
    SELECT FROM support_run WHERE id = NEW.run_id AND NEW.actor_id IN (created_by, submitted_by)
    UNION ALL
    SELECT FROM run_list JOIN support_list ON support_list.id = list_id
    WHERE run_id = NEW.run_id AND support_list.created_by = NEW.actor_id)
  THEN
    RAISE EXCEPTION 'a maker of run % may not approve it', NEW.run_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'maker_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER run_approval_maker BEFORE INSERT ON run_approval FOR EACH ROW EXECUTE FUNCTION refuse_own_run();

CREATE TABLE decision (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  run_id uuid NOT NULL REFERENCES support_run,
  list_id uuid NOT NULL,
  row_no int NOT NULL,
  -- Null where a programme pays once.
  month date,
  person_key uuid NOT NULL,
  office_code text NOT NULL,
  outcome text NOT NULL CONSTRAINT decision_outcome
    CHECK (outcome IN ('granted', 'paidElsewhere', 'refused', 'incomplete', 'unconfirmed', 'outsideLaw')),
  amount bigint NOT NULL CONSTRAINT decision_amount CHECK (amount >= 0 AND (amount > 0) = (outcome = 'granted')),
  -- Rules that make up the amount.
  rules text[] NOT NULL,
  -- Facts that stood against it, or were missing.
  because text[] NOT NULL,
  facts jsonb NOT NULL,
  digest bytea NOT NULL,
  CONSTRAINT decision_of_row UNIQUE NULLS NOT DISTINCT (run_id, list_id, row_no, month),
  FOREIGN KEY (list_id, row_no) REFERENCES list_row
);
CREATE INDEX decision_person ON decision (person_key, id);
CREATE INDEX decision_office ON decision (office_code, id);

CREATE TABLE entitlement (
  -- That of its decision.
  id uuid PRIMARY KEY REFERENCES decision,
  run_id uuid NOT NULL REFERENCES support_run,
  programme text NOT NULL,
  choice text NOT NULL,
  person_key uuid NOT NULL,
  office_code text NOT NULL,
  -- What may be had once: the policy, or the month.
  benefit text NOT NULL,
  -- Of a programme by months: the first, second or third. Nobody has a fourth (Decision 08/2022 article 2 clause 4).
  slot smallint CONSTRAINT entitlement_slot CHECK (slot BETWEEN 1 AND 3),
  period text NOT NULL,
  amount bigint NOT NULL CONSTRAINT entitlement_amount CHECK (amount > 0),
  -- Its run was rejected: nobody is entitled by it.
  is_released boolean NOT NULL DEFAULT false
);
-- One person once, across employers, months and groups, whatever the code above believes.
CREATE UNIQUE INDEX entitlement_once ON entitlement (programme, person_key, benefit) WHERE NOT is_released;
CREATE UNIQUE INDEX entitlement_slot_once ON entitlement (programme, person_key, slot)
  WHERE NOT is_released AND slot IS NOT NULL;
CREATE INDEX entitlement_run ON entitlement (run_id, id);`);
    for (const table of appendOnly) {
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    }
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    await runner.query(
      'GRANT MAINTAIN ON support_list, list_row, insurance_fact, decision, entitlement TO ansinh_system',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE entitlement, decision, run_approval, run_list, support_run, insurance_fact, insurance_list, list_finding, list_row, support_list;
DROP FUNCTION refuse_own_run();
DELETE FROM state_edge WHERE machine = 'supportRun';`);
  }
}
