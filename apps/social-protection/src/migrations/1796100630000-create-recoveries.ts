import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';
import { dropMoveTables, moveTables } from '../moves/move-tables.js';
import { recoveryRules } from '../recovery/recovery.states.js';

const ofBeneficiary = of('beneficiary', 'id', 'beneficiary_id');

/** What was paid too much comes back: out of months to come, in cash, or not at all by a decision. */
export class CreateRecoveries1796100630000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE recovery (
  id uuid PRIMARY KEY,
  beneficiary_id uuid NOT NULL REFERENCES beneficiary,
  manner text NOT NULL CONSTRAINT recovery_manner CHECK (manner IN ('instalments', 'cash', 'waiver')),
  amount bigint NOT NULL CONSTRAINT recovery_amount CHECK (amount > 0),
  -- What a month may give at most.
  most_a_month bigint CONSTRAINT recovery_most CHECK (most_a_month > 0),
  -- Of what was paid back in cash.
  receipt text,
  received_on date,
  -- The decision that it rests on.
  paper text NOT NULL CONSTRAINT recovery_paper CHECK (paper <> ''),
  reason text NOT NULL CONSTRAINT recovery_reason CHECK (reason <> ''),
  state text NOT NULL,
  moves int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (id, beneficiary_id),
  CONSTRAINT recovery_terms CHECK (
    (manner = 'instalments') = (most_a_month IS NOT NULL)
    AND (manner = 'cash') = (receipt IS NOT NULL) AND (manner = 'cash') = (received_on IS NOT NULL)),
  CONSTRAINT recovery_lasts CHECK (state NOT IN ('approved', 'ended') OR manner = 'instalments')
);
-- "Most a month" says something of one plan alone.
CREATE UNIQUE INDEX recovery_one_plan ON recovery (beneficiary_id)
  WHERE manner = 'instalments' AND state IN ('proposed', 'approved');
CREATE UNIQUE INDEX recovery_receipt_once ON recovery (beneficiary_id, receipt, received_on)
  WHERE state NOT IN ('rejected', 'withdrawn');
CREATE INDEX recovery_of ON recovery (beneficiary_id, id);
CREATE TRIGGER recovery_kept BEFORE DELETE OR TRUNCATE ON recovery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${moveTables('recovery', recoveryRules)}

-- Of whom, how much and how never changes.
CREATE FUNCTION guard_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - '{state,moves}'::text[] <> to_jsonb(OLD) - '{state,moves}'::text[] THEN
    RAISE EXCEPTION 'a recovery stays what it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recovery_stays BEFORE UPDATE ON recovery FOR EACH ROW EXECUTE FUNCTION guard_recovery();

CREATE FUNCTION refuse_own_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'approved' AND EXISTS (
    SELECT FROM recovery_move WHERE record_id = NEW.record_id AND kind = 'proposed' AND actor_id = NEW.actor_id)
  THEN
    RAISE EXCEPTION 'who proposed recovery % may not approve it', NEW.record_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proposer_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recovery_move_maker BEFORE INSERT ON recovery_move
  FOR EACH ROW EXECUTE FUNCTION refuse_own_recovery();

-- What of a month that was paid too much is not owed any more, and by what.
CREATE TABLE recovery_entry (
  id uuid PRIMARY KEY,
  recovery_id uuid NOT NULL,
  beneficiary_id uuid NOT NULL,
  -- The month that was paid too much.
  month date NOT NULL CONSTRAINT recovery_entry_month CHECK (extract(day FROM month) = 1),
  kind text NOT NULL CONSTRAINT recovery_entry_kind CHECK (kind IN ('deducted', 'repaid', 'waived')),
  amount bigint NOT NULL CONSTRAINT recovery_entry_amount CHECK (amount > 0),
  -- From which it was deducted. Where its run is rejected, nothing was.
  entitlement_id uuid REFERENCES entitlement,
  CONSTRAINT recovery_entry_from CHECK ((kind = 'deducted') = (entitlement_id IS NOT NULL)),
  CONSTRAINT recovery_entry_once UNIQUE NULLS NOT DISTINCT (recovery_id, month, entitlement_id),
  FOREIGN KEY (recovery_id, beneficiary_id) REFERENCES recovery (id, beneficiary_id)
);
CREATE INDEX recovery_entry_of ON recovery_entry (beneficiary_id, month);
CREATE INDEX recovery_entry_entitlement ON recovery_entry (entitlement_id) WHERE entitlement_id IS NOT NULL;
CREATE TRIGGER recovery_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recovery_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE entitlement
  -- What of it is kept back for what was paid too much before: the rest is paid.
  ADD deducted bigint NOT NULL DEFAULT 0 CONSTRAINT entitlement_deducted CHECK (deducted BETWEEN 0 AND amount);
CREATE INDEX entitlement_deducted_of ON entitlement (run_id, id) WHERE deducted > 0;
CREATE INDEX decision_overpaid ON decision (beneficiary_id, month) WHERE change = 'overpaid';

-- By a recovery that somebody approved, in its own way, and never more than it says.
CREATE FUNCTION guard_recovery_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  approved recovery;
  taken numeric;
BEGIN
  SELECT * INTO approved FROM recovery WHERE id = NEW.recovery_id FOR UPDATE;
  IF (approved.manner, approved.state, NEW.kind) NOT IN
     (('instalments', 'approved', 'deducted'), ('cash', 'settled', 'repaid'), ('waiver', 'settled', 'waived')) THEN
    RAISE EXCEPTION 'recovery % takes nothing', NEW.recovery_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_is_approved';
  END IF;
  SELECT sum(entry.amount) INTO taken FROM recovery_entry entry LEFT JOIN entitlement e ON e.id = entry.entitlement_id
  WHERE entry.recovery_id = NEW.recovery_id AND e.is_released IS NOT TRUE;
  IF taken > approved.amount THEN
    RAISE EXCEPTION 'recovery % takes more than was approved', NEW.recovery_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recovery_takes_no_more';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER recovery_entry_approved AFTER INSERT ON recovery_entry
  FOR EACH ROW EXECUTE FUNCTION guard_recovery_entry();

-- What is deducted is what its entries say, and stands with the decision: a run that was submitted is what a checker looks at.
CREATE FUNCTION guard_deducted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of uuid := to_jsonb(NEW) ->> TG_ARGV[0];
  stands record;
  explained numeric;
BEGIN
  SELECT e.deducted, run.state INTO stands FROM entitlement e JOIN support_run run ON run.id = e.run_id WHERE e.id = of;
  SELECT coalesce(sum(amount), 0) INTO explained FROM recovery_entry WHERE entitlement_id = of;
  IF stands.deducted IS DISTINCT FROM explained OR stands.state <> 'deciding' THEN
    RAISE EXCEPTION 'what is deducted of entitlement % is not what its entries say, or comes too late', of
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'deducted_is_explained';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entitlement_made_explained AFTER INSERT ON entitlement
  FOR EACH ROW WHEN (NEW.deducted > 0) EXECUTE FUNCTION guard_deducted('id');
CREATE TRIGGER entitlement_deducted_explained AFTER UPDATE OF deducted ON entitlement
  FOR EACH ROW EXECUTE FUNCTION guard_deducted('id');
CREATE TRIGGER recovery_entry_explained AFTER INSERT ON recovery_entry
  FOR EACH ROW WHEN (NEW.entitlement_id IS NOT NULL) EXECUTE FUNCTION guard_deducted('entitlement_id');`);
    await runner.query(protect('recovery', ofBeneficiary));
    await runner.query(protect('recovery_entry', ofBeneficiary));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${unprotect('recovery_entry')}
${unprotect('recovery')}
${dropMoveTables('recovery')}
DROP TRIGGER entitlement_made_explained ON entitlement;
DROP TRIGGER entitlement_deducted_explained ON entitlement;
DROP TABLE recovery_entry, recovery;
DROP FUNCTION guard_deducted(), guard_recovery_entry(), refuse_own_recovery(), guard_recovery();
DROP INDEX decision_overpaid;
ALTER TABLE entitlement DROP deducted;`);
  }
}
