import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

const ofMerge = of('person_merge', 'id', 'merge_id');

const protectedTables: Record<string, string> = {
  // Undone, the absorbed one may be of another office than the one that he was merged into: both know of it.
  person_merge: `(${of('person', 'id', 'survivor_id')} OR ${of('person', 'id', 'absorbed_id')})`,
  person_merge_member: ofMerge,
  person_merge_aside: ofMerge,
  person_merge_undoing: ofMerge,
};

const eventTypesBefore = `'person.registered', 'person.changed', 'person.moved', 'person.died', 'employer.closed',
  'dossier.decided'`;

/**
 * Two records of one person become one, and two again. Nothing that was recorded of either is written anew: the absorbed
 * record points to the one that stands for it, and readers ask for both.
 */
export class CreateMerges1796001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Who stands for this record, never by way of a third one; null: it stands for itself.
ALTER TABLE person ADD COLUMN survivor_id uuid REFERENCES person
  CONSTRAINT person_survivor_another CHECK (survivor_id <> id);
CREATE INDEX person_survivor ON person (survivor_id) WHERE survivor_id IS NOT NULL;
CREATE FUNCTION guard_survivor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.survivor_id IS NOT NULL
     AND EXISTS (SELECT FROM person WHERE id = NEW.survivor_id AND survivor_id IS NOT NULL
                 UNION ALL SELECT FROM person WHERE survivor_id = NEW.id) THEN
    RAISE EXCEPTION 'who stands for another stands for himself'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'person_survivor_stands';
  END IF;
  RETURN NULL;
END $$;
-- At the commit: a merge moves those whom the absorbed one stood for as well.
CREATE CONSTRAINT TRIGGER person_survivor_stands AFTER UPDATE OF survivor_id ON person
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.survivor_id IS NOT NULL) EXECUTE FUNCTION guard_survivor();

-- A search shows those who stand for themselves, and all that it asks for is in the index.
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, office_code, birth_year, id) WHERE survivor_id IS NULL;

CREATE TABLE person_merge (
  id uuid PRIMARY KEY,
  survivor_id uuid NOT NULL REFERENCES person,
  absorbed_id uuid NOT NULL REFERENCES person,
  reason text NOT NULL CHECK (reason <> ''),
  -- Of each contradiction, whose record holds.
  choices jsonb NOT NULL,
  -- The one column of the survivor that a choice may change.
  died_on_before date,
  died_on_after date,
  merged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  merged_by text NOT NULL,
  merged_by_name text NOT NULL,
  CHECK (survivor_id <> absorbed_id)
);
CREATE INDEX person_merge_survivor ON person_merge (survivor_id);
CREATE INDEX person_merge_absorbed ON person_merge (absorbed_id);

-- Whom the survivor has stood for since: the absorbed one and all for whom that one stood, with what they were before.
CREATE TABLE person_merge_member (
  merge_id uuid NOT NULL REFERENCES person_merge,
  person_id uuid NOT NULL REFERENCES person,
  survivor_before uuid REFERENCES person,
  office_before text NOT NULL,
  PRIMARY KEY (merge_id, person_id)
);

-- Records that do not hold as long as the merge does: of a contradiction, those of the side that was not chosen.
CREATE TABLE person_merge_aside (
  merge_id uuid NOT NULL REFERENCES person_merge,
  fact_id bigint REFERENCES person_fact,
  member_id bigint REFERENCES household_member,
  CHECK (num_nonnulls(fact_id, member_id) = 1)
);
CREATE INDEX person_merge_aside_merge ON person_merge_aside (merge_id);
CREATE INDEX person_merge_aside_fact ON person_merge_aside (fact_id) WHERE fact_id IS NOT NULL;
CREATE INDEX person_merge_aside_member ON person_merge_aside (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE person_merge_undoing (
  merge_id uuid PRIMARY KEY REFERENCES person_merge,
  reason text NOT NULL CHECK (reason <> ''),
  undone_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  undone_by text NOT NULL,
  undone_by_name text NOT NULL
);

ALTER TABLE event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type CHECK (type IN (${eventTypesBefore},
  'person.merged', 'person.unmerged'));`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(
        `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
      );
      await runner.query(protect(table, isVisible));
    }
  }

  /** Only where nobody was merged: events of a merge stay, and their type would not be known. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type CHECK (type IN (${eventTypesBefore}))`);
    const tables = Object.keys(protectedTables).toReversed();
    for (const table of tables) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE ${tables.join(', ')};
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, office_code, birth_year, id);
DROP TRIGGER person_survivor_stands ON person;
DROP FUNCTION guard_survivor();
ALTER TABLE person DROP COLUMN survivor_id;`);
  }
}
