import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, open, protect, unprotect } from '@ansinh/database';

const counts: Parameters<typeof open> = [
  'dossier_count',
  'counts the dossiers of a desk, and names nobody',
  { office: 'SELECT, INSERT, UPDATE', system: 'SELECT, INSERT, UPDATE' },
];

/** The one-stop desk: what was asked of us, where it stands, and every move of it. */
export class CreateDossiers1796000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
INSERT INTO state_edge (machine, from_state, to_state) VALUES
  ('dossier', 'presented', 'received'), ('dossier', 'presented', 'incomplete'), ('dossier', 'presented', 'refused'),
  ('dossier', 'incomplete', 'received'), ('dossier', 'incomplete', 'refused'), ('dossier', 'incomplete', 'withdrawn'),
  ('dossier', 'received', 'processing'), ('dossier', 'received', 'withdrawn'),
  ('dossier', 'processing', 'awaitingSupplement'), ('dossier', 'processing', 'onHold'),
  ('dossier', 'processing', 'decided'), ('dossier', 'processing', 'withdrawn'),
  ('dossier', 'awaitingSupplement', 'processing'), ('dossier', 'awaitingSupplement', 'withdrawn'),
  ('dossier', 'onHold', 'processing'), ('dossier', 'onHold', 'withdrawn'),
  ('dossier', 'decided', 'returned');

-- The last number that a desk gave on a day. Its row is the lock under which the next one is given.
CREATE TABLE dossier_count (
  agency_code text NOT NULL,
  received_on date NOT NULL,
  last int NOT NULL CHECK (last BETWEEN 1 AND 9999),
  PRIMARY KEY (agency_code, received_on)
);

CREATE TABLE dossier (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  procedure_code text NOT NULL,
  -- With the code, the version of the procedure by which it is judged to its end.
  procedure_from date NOT NULL,
  -- Of the desk, and of whoever has it now.
  office_code text NOT NULL,
  holder_code text NOT NULL,
  place_code text NOT NULL,
  applicant_name text NOT NULL CHECK (applicant_name <> ''),
  applicant_phone text,
  person_id uuid,
  employer_id uuid,
  state text NOT NULL DEFAULT 'presented',
  step text,
  assignee text,
  documents text[] NOT NULL DEFAULT '{}',
  presented_at timestamptz NOT NULL,
  counts_from date,
  due_on date,
  due_at timestamptz,
  step_due_on date,
  step_due_at timestamptz,
  stopped_at timestamptz,
  outcome text CHECK (outcome IN ('granted', 'declined')),
  -- How many moves it has: its version.
  moves int NOT NULL DEFAULT 1,
  CHECK (num_nulls(counts_from, due_on, due_at, step_due_on, step_due_at) IN (0, 5)),
  CHECK ((state IN ('decided', 'returned')) = (outcome IS NOT NULL))
);
CREATE INDEX dossier_by_due ON dossier ((coalesce(due_on, DATE '9999-12-31')), id);
-- Lists of what is late: years of decided dossiers lie before them in the index above.
CREATE INDEX dossier_open ON dossier ((coalesce(due_on, DATE '9999-12-31')), id)
  WHERE state IN ('received', 'processing', 'awaitingSupplement', 'onHold');
CREATE INDEX dossier_person ON dossier (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX dossier_employer ON dossier (employer_id) WHERE employer_id IS NOT NULL;
CREATE TRIGGER dossier_state BEFORE INSERT OR UPDATE OF state ON dossier
  FOR EACH ROW EXECUTE FUNCTION guard_state('dossier', 'presented');
CREATE TRIGGER dossier_kept BEFORE DELETE OR TRUNCATE ON dossier
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE dossier_move (
  dossier_id uuid NOT NULL REFERENCES dossier,
  number int NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('presented', 'received', 'refused', 'assigned', 'forwarded', 'supplementAsked',
    'supplemented', 'held', 'resumed', 'decided', 'returned', 'withdrawn')),
  at timestamptz NOT NULL,
  -- Where it stands after it.
  step text,
  holder_code text NOT NULL,
  assignee text,
  -- What was handed in, or is asked for.
  documents text[] NOT NULL DEFAULT '{}',
  outcome text,
  note text,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  PRIMARY KEY (dossier_id, number)
);
-- All that is missing is asked for at once (Decree 61/2018/NĐ-CP, article 17): one request by the desk, and one by each step.
CREATE UNIQUE INDEX dossier_move_one_request ON dossier_move (dossier_id, step) NULLS NOT DISTINCT
  WHERE kind = 'supplementAsked';
CREATE TRIGGER dossier_move_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dossier_move
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No change of a dossier without the row that says who made it: each change counts one move on, and the move must be there
-- at the commit.
ALTER TABLE dossier ADD CONSTRAINT dossier_moved FOREIGN KEY (id, moves) REFERENCES dossier_move (dossier_id, number)
  DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION guard_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.moves <> OLD.moves + 1
     OR (NEW.id, NEW.code, NEW.procedure_code, NEW.procedure_from, NEW.office_code, NEW.presented_at)
        IS DISTINCT FROM (OLD.id, OLD.code, OLD.procedure_code, OLD.procedure_from, OLD.office_code, OLD.presented_at) THEN
    RAISE EXCEPTION 'a dossier changes by a move, and never what it is'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dossier_moved';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dossier_changes BEFORE UPDATE ON dossier FOR EACH ROW EXECUTE FUNCTION guard_dossier();`);
    await runner.query(protect('dossier', `${ofOffice('office_code')} OR ${ofOffice('holder_code')}`));
    await runner.query(protect('dossier_move', of('dossier', 'id', 'dossier_id')));
    await runner.query(open(...counts));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['dossier', 'dossier_move', 'dossier_count']) await runner.query(unprotect(table));
    await runner.query(`
ALTER TABLE dossier DROP CONSTRAINT dossier_moved;
DROP TABLE dossier_move, dossier, dossier_count;
DROP FUNCTION guard_dossier();
DELETE FROM state_edge WHERE machine = 'dossier';`);
  }
}
