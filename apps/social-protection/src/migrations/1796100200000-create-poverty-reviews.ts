import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { dropMoveGuards, dropMoveTables, moveGuards, moveTables } from '../moves/move-tables.js';
import { reviewRules } from '../review/review.states.js';

const ofReview = of('poverty_review', 'id', 'review_id');

const protectedTables: Record<string, string> = {
  poverty_review: ofOffice('office_code'),
  review_list: ofReview,
  review_finding: of('review_list', 'id', 'list_id'),
  reviewed_household: ofOffice('office_code'),
};

/** Whether households of a commune are poor: what was found, what the village and the commune say to it. */
export class CreatePovertyReviews1796100200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${moveGuards}
CREATE TABLE poverty_review (
  id uuid PRIMARY KEY,
  year smallint NOT NULL,
  -- As they were on the day of the review.
  place_code text NOT NULL,
  district_code text,
  -- The commune of today.
  office_code text NOT NULL,
  -- By the law of that day its households are classified.
  reviewed_on date NOT NULL CONSTRAINT poverty_review_year CHECK (extract(year FROM reviewed_on) = year),
  area text NOT NULL,
  -- Of the whole commune, reviewed or not: what a rate is a part of.
  households int NOT NULL CONSTRAINT poverty_review_households CHECK (households > 0),
  state text NOT NULL,
  moves int NOT NULL DEFAULT 1,
  -- Until the end of that day the result hangs out.
  posted_until date,
  -- Of all households as they are submitted: what is approved.
  digest text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- One review of a commune in a year: one that was wrong is opened again.
  CONSTRAINT poverty_review_once UNIQUE (year, place_code)
);
CREATE TRIGGER poverty_review_kept BEFORE DELETE OR TRUNCATE ON poverty_review
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE INDEX poverty_review_office ON poverty_review (office_code, id);

CREATE TABLE review_list (
  id uuid PRIMARY KEY,
  review_id uuid NOT NULL REFERENCES poverty_review,
  file_digest text NOT NULL,
  rows int NOT NULL,
  blocked int NOT NULL,
  -- It had flawed rows and nobody set them aside: none of it was taken in.
  is_refused boolean NOT NULL,
  brought_by text NOT NULL,
  brought_by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX review_list_review ON review_list (review_id, id);

CREATE TABLE review_finding (
  list_id uuid NOT NULL REFERENCES review_list,
  row_no int NOT NULL,
  code text NOT NULL,
  column_name text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (list_id, row_no, code, column_name)
);

-- A household as it was found, classified at once. Whoever corrects it adds another row, and this one no longer counts.
CREATE TABLE reviewed_household (
  id uuid PRIMARY KEY,
  review_id uuid NOT NULL REFERENCES poverty_review,
  year smallint NOT NULL,
  office_code text NOT NULL,
  list_id uuid REFERENCES review_list,
  row_no int,
  -- HMAC of the citizen number of its head, the same as in every other service.
  person_key uuid NOT NULL,
  name text NOT NULL,
  -- The citizen number.
  sealed bytea NOT NULL,
  members smallint NOT NULL CONSTRAINT reviewed_household_members CHECK (members > 0),
  facts jsonb NOT NULL,
  outcome text NOT NULL,
  class text CONSTRAINT reviewed_household_class CHECK (class IN ('poor', 'nearPoor', 'notPoor')),
  points_b1 int,
  points_b2 int,
  deprived_of text[] NOT NULL,
  digest bytea NOT NULL,
  is_current boolean NOT NULL DEFAULT true,
  recorded_by text NOT NULL,
  recorded_by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT reviewed_household_decided CHECK ((outcome = 'granted') = (class IS NOT NULL))
);
-- Nobody is head of two households that count in a year, in whatever commune.
CREATE UNIQUE INDEX reviewed_household_once ON reviewed_household (year, person_key) WHERE is_current;
CREATE INDEX reviewed_household_review ON reviewed_household (review_id, id) WHERE is_current;
CREATE INDEX reviewed_household_person ON reviewed_household (person_key, id);
CREATE INDEX reviewed_household_deprived ON reviewed_household USING gin (deprived_of) WHERE is_current;

-- What was submitted stays what it was.
CREATE FUNCTION guard_reviewed_household() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
CREATE TRIGGER reviewed_household_open BEFORE INSERT OR UPDATE ON reviewed_household
  FOR EACH ROW EXECUTE FUNCTION guard_reviewed_household();
CREATE TRIGGER reviewed_household_kept BEFORE DELETE OR TRUNCATE ON reviewed_household
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

${moveTables('poverty_review', reviewRules)}

-- Who opened, met, reopened or submitted the review, or took one of its households in, does not recognise it.
CREATE FUNCTION refuse_own_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'approved' AND EXISTS (
    SELECT FROM poverty_review_move
    WHERE record_id = NEW.record_id AND actor_id = NEW.actor_id AND kind <> 'rejected'
    UNION ALL
    SELECT FROM reviewed_household WHERE review_id = NEW.record_id AND recorded_by = NEW.actor_id)
  THEN
    RAISE EXCEPTION 'a maker of review % may not approve it', NEW.record_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'reviewer_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER poverty_review_move_maker BEFORE INSERT ON poverty_review_move
  FOR EACH ROW EXECUTE FUNCTION refuse_own_review();`);
    await runner.query(`CREATE TRIGGER review_finding_append_only BEFORE UPDATE OR DELETE ON review_finding
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    await runner.query('GRANT MAINTAIN ON reviewed_household TO ansinh_system');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query(`${dropMoveTables('poverty_review')}
DROP TABLE reviewed_household, review_finding, review_list, poverty_review;
DROP FUNCTION refuse_own_review(), guard_reviewed_household();
${dropMoveGuards}`);
  }
}
