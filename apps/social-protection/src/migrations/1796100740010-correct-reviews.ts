import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';
import { dropMoveTables, moveTables } from '../moves/move-tables.js';
import { correctionRules } from '../review/review.states.js';

const guardBefore = `
CREATE OR REPLACE FUNCTION guard_reviewed_household() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM poverty_review WHERE id = NEW.review_id) <> 'open' THEN
    RAISE EXCEPTION 'households of review % are no longer taken in', NEW.review_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'review_is_open';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.is_current OR to_jsonb(NEW) - 'is_current' <> to_jsonb(OLD) - 'is_current') THEN
    RAISE EXCEPTION 'a household is corrected by another row'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'household_is_kept';
  END IF;
  RETURN NEW;
END $$;`;

/** A household of an approved review is corrected by another record, which somebody proposes and somebody else approves. */
export class CorrectReviews1796100740010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Number of the move of its review by which it came to count; null of what was taken in while the review was open.
ALTER TABLE reviewed_household ADD since_move int;

CREATE TABLE review_correction (
  id uuid PRIMARY KEY,
  review_id uuid NOT NULL REFERENCES poverty_review,
  -- As it is to be: a record that does not count before it is approved.
  household_id uuid NOT NULL UNIQUE REFERENCES reviewed_household,
  -- As it counted when this was proposed; null where the household was forgotten.
  replaces_id uuid REFERENCES reviewed_household,
  reason text NOT NULL CONSTRAINT review_correction_reason CHECK (reason <> ''),
  paper text NOT NULL CONSTRAINT review_correction_paper CHECK (paper <> ''),
  state text NOT NULL,
  moves int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX review_correction_of ON review_correction (review_id, id);
CREATE TRIGGER review_correction_kept BEFORE DELETE OR TRUNCATE ON review_correction
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${moveTables('review_correction', correctionRules)}
INSERT INTO poverty_review_rule VALUES ('corrected', 'approved', 'approved') ON CONFLICT DO NOTHING;

CREATE FUNCTION guard_review_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - '{state,moves}'::text[] <> to_jsonb(OLD) - '{state,moves}'::text[] THEN
    RAISE EXCEPTION 'a correction stays what it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'correction_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_correction_stays BEFORE UPDATE ON review_correction
  FOR EACH ROW EXECUTE FUNCTION guard_review_correction();

CREATE FUNCTION refuse_own_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'approved' AND EXISTS (
    SELECT FROM review_correction_move WHERE record_id = NEW.record_id AND kind = 'proposed' AND actor_id = NEW.actor_id)
  THEN
    RAISE EXCEPTION 'who proposed correction % may not approve it', NEW.record_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'corrector_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_correction_move_maker BEFORE INSERT ON review_correction_move
  FOR EACH ROW EXECUTE FUNCTION refuse_own_correction();

-- While a review is open households are taken in. Once it is approved a record comes that does not count yet, and counts, in the
-- place of the one that it replaces, by the correction that was approved.
CREATE OR REPLACE FUNCTION guard_reviewed_household() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  review record;
BEGIN
  SELECT state, moves INTO review FROM poverty_review WHERE id = NEW.review_id;
  -- Of another office: the policies refuse it.
  IF NOT FOUND THEN RETURN NEW; END IF;
  IF review.state = 'open' OR (review.state = 'approved' AND TG_OP = 'INSERT' AND NOT NEW.is_current) THEN
    IF TG_OP = 'INSERT' AND NEW.since_move IS NOT NULL OR TG_OP = 'UPDATE'
       AND (NEW.is_current OR to_jsonb(NEW) - 'is_current' <> to_jsonb(OLD) - 'is_current') THEN
      RAISE EXCEPTION 'a household is corrected by another row'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'household_is_kept';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND review.state = 'approved'
     AND to_jsonb(NEW) - '{is_current,since_move}'::text[] = to_jsonb(OLD) - '{is_current,since_move}'::text[]
     AND ((NEW.is_current AND OLD.since_move IS NULL AND NEW.since_move = review.moves AND EXISTS (
         SELECT FROM review_correction WHERE household_id = NEW.id AND state = 'approved'))
       OR (NOT NEW.is_current AND NEW.since_move IS NOT DISTINCT FROM OLD.since_move AND EXISTS (
         SELECT FROM review_correction WHERE replaces_id = NEW.id AND state = 'approved'))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'households of review % are no longer taken in', NEW.review_id
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'review_is_open';
END $$;`);
    await runner.query(protect('review_correction', of('poverty_review', 'id', 'review_id')));
  }

  /** Takes back an empty one: what was corrected stands. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${guardBefore}
${unprotect('review_correction')}
${dropMoveTables('review_correction')}
DROP TABLE review_correction;
DROP FUNCTION refuse_own_correction(), guard_review_correction();
ALTER TABLE reviewed_household DROP since_move;`);
  }
}
