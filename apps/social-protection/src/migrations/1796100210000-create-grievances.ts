import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ofOffice, protect, unprotect } from '@ansinh/database';
import { grievanceRules } from '../grievance/grievance.states.js';
import { dropMoveTables, moveTables } from '../moves/move-tables.js';

/** A decision that somebody contests, and the answer to it. */
export class CreateGrievances1796100210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE grievance (
  id uuid PRIMARY KEY,
  -- What is contested: a decision on support, or what the poverty review found.
  decision_id uuid REFERENCES decision,
  household_id uuid REFERENCES reviewed_household,
  -- That of what is contested.
  office_code text NOT NULL,
  raised_by text NOT NULL CONSTRAINT grievance_raised_by CHECK (raised_by IN ('citizen', 'office')),
  complainant text NOT NULL CONSTRAINT grievance_complainant CHECK (complainant <> ''),
  statement text NOT NULL CONSTRAINT grievance_statement CHECK (statement <> ''),
  received_on date NOT NULL,
  -- Row of the law that gives the days; null where none does, and the officer named the day.
  term_row text,
  due_on date NOT NULL CONSTRAINT grievance_due CHECK (due_on >= received_on),
  state text NOT NULL,
  moves int NOT NULL DEFAULT 1,
  -- By which what was contested stands corrected.
  corrected_decision_id uuid REFERENCES decision,
  corrected_household_id uuid REFERENCES reviewed_household,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT grievance_of_one CHECK (num_nonnulls(decision_id, household_id) = 1),
  CONSTRAINT grievance_corrected CHECK ((state = 'corrected') = (num_nonnulls(corrected_decision_id, corrected_household_id) = 1)),
  -- A decision is corrected by a decision, a household by a household.
  CONSTRAINT grievance_corrected_alike CHECK (
    (corrected_decision_id IS NULL OR decision_id IS NOT NULL) AND (corrected_household_id IS NULL OR household_id IS NOT NULL))
);
CREATE INDEX grievance_office ON grievance (office_code, id);
CREATE INDEX grievance_due_open ON grievance (due_on, id) WHERE state IN ('received', 'examining', 'upheld');
-- The same is contested once at a time.
CREATE UNIQUE INDEX grievance_one_decision ON grievance (decision_id) WHERE state IN ('received', 'examining', 'upheld');
CREATE UNIQUE INDEX grievance_one_household ON grievance (household_id) WHERE state IN ('received', 'examining', 'upheld');
CREATE TRIGGER grievance_kept BEFORE DELETE OR TRUNCATE ON grievance
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${moveTables('grievance', grievanceRules)}

-- What is contested, by whom and until when never changes.
CREATE FUNCTION guard_grievance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - '{state,moves,corrected_decision_id,corrected_household_id}'::text[]
     <> to_jsonb(OLD) - '{state,moves,corrected_decision_id,corrected_household_id}'::text[] THEN
    RAISE EXCEPTION 'a grievance stays what it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'grievance_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grievance_stays BEFORE UPDATE ON grievance FOR EACH ROW EXECUTE FUNCTION guard_grievance();

-- Who examined it, or made or approved what is contested, does not answer it.
CREATE FUNCTION refuse_own_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('kept', 'upheld') AND EXISTS (
    SELECT FROM grievance_move WHERE record_id = NEW.record_id AND kind = 'taken' AND actor_id = NEW.actor_id
    UNION ALL
    SELECT FROM grievance g JOIN decision d ON d.id = g.decision_id JOIN support_run run ON run.id = d.run_id
      LEFT JOIN run_approval approval ON approval.run_id = run.id
    WHERE g.id = NEW.record_id AND NEW.actor_id IN (run.created_by, run.submitted_by, approval.actor_id)
    UNION ALL
    SELECT FROM grievance g JOIN reviewed_household h ON h.id = g.household_id
      LEFT JOIN poverty_review_move approval ON approval.record_id = h.review_id AND approval.kind = 'approved'
    WHERE g.id = NEW.record_id AND NEW.actor_id IN (h.recorded_by, approval.actor_id))
  THEN
    RAISE EXCEPTION 'grievance % is answered by somebody else', NEW.record_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'judge_is_impartial';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grievance_move_judge BEFORE INSERT ON grievance_move
  FOR EACH ROW EXECUTE FUNCTION refuse_own_answer();`);
    await runner.query(protect('grievance', ofOffice('office_code')));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${unprotect('grievance')}
${dropMoveTables('grievance')}
DROP TABLE grievance;
DROP FUNCTION guard_grievance(), refuse_own_answer();`);
  }
}
