import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';

const ofBeneficiary = of('beneficiary', 'id', 'beneficiary_id');

const protectedTables: Record<string, string> = {
  beneficiary: ofOffice('office_code'),
  beneficiary_statement: ofBeneficiary,
  beneficiary_move: ofBeneficiary,
  run_member: of('support_run', 'id', 'run_id'),
};

/** Who has an allowance month by month, what was stated of him from which month on, and the runs of a month. */
export class CreateBeneficiaries1796100100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE beneficiary (
  id uuid PRIMARY KEY,
  programme text NOT NULL,
  -- HMAC of the citizen number, the same as in every other service.
  person_key uuid NOT NULL,
  name text NOT NULL,
  -- Citizen number and account, sealed as one text for a place: who comes by a list keeps the seal of his row.
  sealed bytea NOT NULL,
  sealed_for text NOT NULL,
  -- Null where he is paid in cash.
  bank_bin text,
  place_code text NOT NULL,
  -- The commune of today.
  office_code text NOT NULL,
  dossier_code text,
  list_id uuid REFERENCES support_list,
  -- The first month that something was stated for: there is nothing to decide on before it.
  first_month date NOT NULL CONSTRAINT beneficiary_first_month CHECK (extract(day FROM first_month) = 1),
  -- The first rule of what he was last granted.
  category text,
  created_by text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT beneficiary_once UNIQUE (programme, person_key)
);
CREATE INDEX beneficiary_office ON beneficiary (programme, office_code, id);
CREATE INDEX beneficiary_category ON beneficiary (programme, category, office_code, id);

-- Facts by the names of the law: so from a month on, known since it was recorded. A statement is never changed; a later one counts.
CREATE TABLE beneficiary_statement (
  id uuid PRIMARY KEY,
  beneficiary_id uuid NOT NULL REFERENCES beneficiary,
  applies_from date NOT NULL CONSTRAINT beneficiary_statement_month CHECK (extract(day FROM applies_from) = 1),
  facts jsonb NOT NULL,
  -- Decision, certificate or list that it rests on.
  basis text NOT NULL,
  recorded_by text NOT NULL,
  recorded_by_name text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX beneficiary_statement_recorded ON beneficiary_statement (recorded_at);
CREATE INDEX beneficiary_statement_of ON beneficiary_statement (beneficiary_id, applies_from, id);

CREATE TABLE beneficiary_move (
  id uuid PRIMARY KEY,
  beneficiary_id uuid NOT NULL REFERENCES beneficiary,
  from_place_code text NOT NULL,
  to_place_code text NOT NULL,
  moved_on date NOT NULL,
  basis text NOT NULL,
  recorded_by text NOT NULL,
  recorded_by_name text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX beneficiary_move_of ON beneficiary_move (beneficiary_id, id);

-- A run of a month decides on beneficiaries; it may look again at months before, for what is known of them now.
ALTER TABLE support_run
  ADD month date CONSTRAINT support_run_month CHECK (extract(day FROM month) = 1),
  ADD back_to date CONSTRAINT support_run_back_to CHECK (extract(day FROM back_to) = 1 AND back_to <= month),
  ADD CONSTRAINT support_run_months CHECK ((month IS NULL) = (back_to IS NULL));

-- On whom, as it stood when the run was made.
CREATE TABLE run_member (
  run_id uuid NOT NULL REFERENCES support_run,
  number int NOT NULL,
  beneficiary_id uuid NOT NULL REFERENCES beneficiary,
  PRIMARY KEY (run_id, number)
);

ALTER TABLE decision
  ALTER list_id DROP NOT NULL,
  ALTER row_no DROP NOT NULL,
  ADD beneficiary_id uuid REFERENCES beneficiary,
  -- What it is compared with: the earlier decision on the same month, or else that on the month before.
  ADD earlier_id uuid,
  -- What that came to; of a month that was decided before, what he was entitled to for it by then.
  ADD amount_before bigint NOT NULL DEFAULT 0,
  -- What is different from it; null where nothing is.
  ADD change text CONSTRAINT decision_change
    CHECK (change IN ('new', 'changed', 'stopped', 'arrears', 'overpaid', 'undecided')),
  ADD CONSTRAINT decision_of_one CHECK (num_nonnulls(list_id, beneficiary_id) = 1 AND (list_id IS NULL) = (row_no IS NULL)),
  DROP CONSTRAINT decision_of_row;
CREATE UNIQUE INDEX decision_of_row ON decision (run_id, list_id, row_no, month) NULLS NOT DISTINCT
  WHERE list_id IS NOT NULL;
CREATE UNIQUE INDEX decision_of_month ON decision (run_id, beneficiary_id, month) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX decision_beneficiary ON decision (beneficiary_id, month, id) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX decision_changed ON decision (run_id, change, id) WHERE change IS NOT NULL;

-- What is paid for one month more than once: the first time, then what it turned out to be short of.
ALTER TABLE entitlement ADD ordinal smallint NOT NULL DEFAULT 1 CONSTRAINT entitlement_ordinal CHECK (ordinal > 0);

CREATE OR REPLACE FUNCTION refuse_own_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'approved' AND EXISTS (
    SELECT FROM support_run WHERE id = NEW.run_id AND NEW.actor_id IN (created_by, submitted_by)
    UNION ALL
    SELECT FROM run_list JOIN support_list ON support_list.id = list_id
    WHERE run_id = NEW.run_id AND support_list.created_by = NEW.actor_id
    UNION ALL
    -- Of a month: who stated something of somebody that no approved run has seen yet.
    SELECT FROM beneficiary_statement stated
    JOIN run_member member ON member.run_id = NEW.run_id AND member.beneficiary_id = stated.beneficiary_id
    WHERE stated.recorded_by = NEW.actor_id AND NOT EXISTS (
      SELECT FROM run_member seen JOIN support_run before ON before.id = seen.run_id AND before.state = 'approved'
      WHERE seen.beneficiary_id = stated.beneficiary_id AND before.id <> NEW.run_id
        AND before.created_at > stated.recorded_at))
  THEN
    RAISE EXCEPTION 'a maker of run % may not approve it', NEW.run_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'maker_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE INDEX beneficiary_statement_maker ON beneficiary_statement (recorded_by, beneficiary_id);
CREATE INDEX run_member_beneficiary ON run_member (beneficiary_id);`);
    for (const table of ['beneficiary_statement', 'beneficiary_move', 'run_member']) {
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    }
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    await runner.query('GRANT MAINTAIN ON beneficiary, beneficiary_statement, run_member TO ansinh_system');
  }

  /** Takes back an empty one: decisions on beneficiaries have no list to go back to. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query(`
CREATE OR REPLACE FUNCTION refuse_own_run() RETURNS trigger LANGUAGE plpgsql AS $$
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
ALTER TABLE entitlement DROP ordinal;
DROP INDEX decision_of_row;
ALTER TABLE decision DROP CONSTRAINT decision_of_one, DROP beneficiary_id, DROP earlier_id, DROP amount_before, DROP change,
  ALTER list_id SET NOT NULL, ALTER row_no SET NOT NULL,
  ADD CONSTRAINT decision_of_row UNIQUE NULLS NOT DISTINCT (run_id, list_id, row_no, month);
DROP TABLE run_member, beneficiary_move, beneficiary_statement, beneficiary;
ALTER TABLE support_run DROP month, DROP back_to;`);
  }
}
