import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { registryCursorTable } from '@ansinh/events';

const ofBeneficiary = of('beneficiary', 'id', 'beneficiary_id');
const ofNotice = of('registry_notice', 'id', 'notice_id');

const protectedTables: Record<string, string> = {
  registry_person: ofOffice('place_code'),
  beneficiary_uncompared: ofBeneficiary,
  // Whose beneficiary he is by now, and whose he was when it was told.
  registry_notice: `${ofBeneficiary} OR ${ofOffice('office_code')}`,
  registry_notice_answer: ofNotice,
};

/** What the registry tells of the people of the register, and what came of it. */
export class FollowRegistry1796100740000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(registryCursorTable);
    await runner.query(`
-- No number: its keyed hash, which is that of the register. Written by the worker alone, from the events of the registry.
CREATE TABLE registry_person (
  person_key uuid NOT NULL,
  person_id uuid NOT NULL,
  -- A number of before, which may be somebody else's by now.
  is_former boolean NOT NULL,
  -- The commune of today, and since when.
  place_code text NOT NULL,
  resident_from date,
  died_on date,
  -- The last event that told of him.
  event_id text NOT NULL,
  event_type text NOT NULL,
  PRIMARY KEY (person_key, person_id)
);
CREATE INDEX registry_person_record ON registry_person (person_id);
CREATE INDEX beneficiary_person ON beneficiary (person_key);

-- Who came into the register, or of whom something was told, and whom nobody has held against the registry since.
CREATE TABLE beneficiary_uncompared (beneficiary_id uuid PRIMARY KEY);
CREATE FUNCTION note_uncompared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO beneficiary_uncompared SELECT id FROM entered ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER beneficiary_uncompared AFTER INSERT ON beneficiary REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION note_uncompared();
-- Whoever goes on after an end may be somebody who stands in the register twice.
CREATE FUNCTION note_end_uncompared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO beneficiary_uncompared SELECT beneficiary_id FROM entered WHERE facts ? 'endedFrom' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER beneficiary_statement_uncompared AFTER INSERT ON beneficiary_statement REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION note_end_uncompared();

CREATE TABLE registry_notice (
  id uuid PRIMARY KEY,
  beneficiary_id uuid NOT NULL REFERENCES beneficiary,
  -- As they were when it was told: the commune that he left sees him no more.
  name text NOT NULL,
  office_code text NOT NULL,
  aspect text NOT NULL CONSTRAINT registry_notice_aspect CHECK (aspect IN ('death', 'residence', 'identity')),
  kind text NOT NULL,
  died_on date,
  place_code text,
  resident_from date,
  -- Who stands in the register for the same person.
  other_id uuid REFERENCES beneficiary,
  -- What was made of it by itself; where neither is, the register is as it was.
  statement_id uuid REFERENCES beneficiary_statement,
  move_id uuid REFERENCES beneficiary_move,
  -- Whether somebody has to decide.
  is_open boolean NOT NULL,
  event_id text NOT NULL,
  event_type text NOT NULL,
  told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT registry_notice_kind CHECK ((aspect, kind) IN (('death', 'died'), ('death', 'deathDiffers'), ('death', 'deathTakenBack'),
    ('residence', 'moved'), ('residence', 'residenceDiffers'), ('residence', 'leftProvince'),
    ('identity', 'samePerson'), ('identity', 'twoPeople'))),
  -- What nothing was made of is for somebody to decide.
  CONSTRAINT registry_notice_decided CHECK (is_open OR num_nonnulls(statement_id, move_id) > 0)
);
CREATE INDEX registry_notice_of ON registry_notice (beneficiary_id, aspect, id);
CREATE INDEX registry_notice_office ON registry_notice (office_code, id);
CREATE INDEX registry_notice_open ON registry_notice (id) WHERE is_open;

-- What an official made of it, or that something else was told since.
CREATE TABLE registry_notice_answer (
  notice_id uuid PRIMARY KEY REFERENCES registry_notice,
  answer text NOT NULL CONSTRAINT registry_notice_answer_is CHECK (answer IN ('acted', 'dismissed', 'superseded')),
  paper text,
  note text CONSTRAINT registry_notice_answer_note CHECK (note <> ''),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT registry_notice_answer_why CHECK (answer = 'superseded' OR note IS NOT NULL)
);`);
    for (const table of ['registry_notice', 'registry_notice_answer'])
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    for (const [table, isVisible] of Object.entries(protectedTables))
      await runner.query(protect(table, isVisible));
    await runner.query(`
GRANT MAINTAIN ON registry_person TO ansinh_system;
-- The owner sees no row of his tables.
SET LOCAL ROLE ansinh_system;
INSERT INTO beneficiary_uncompared SELECT id FROM beneficiary;
RESET ROLE;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...Object.keys(protectedTables).reverse(), 'registry_cursor'])
      await runner.query(unprotect(table));
    await runner.query(`
DROP TRIGGER beneficiary_uncompared ON beneficiary;
DROP TRIGGER beneficiary_statement_uncompared ON beneficiary_statement;
DROP FUNCTION note_uncompared(), note_end_uncompared();
DROP INDEX beneficiary_person;
DROP TABLE registry_notice_answer, registry_notice, beneficiary_uncompared, registry_person, registry_cursor;`);
  }
}
