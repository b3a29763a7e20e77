import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, open, protect, unprotect } from '@ansinh/database';

const head: Parameters<typeof open> = [
  'event_head',
  'counts the events, and names nobody',
  { office: 'SELECT, UPDATE', system: 'SELECT, UPDATE' },
];

const isSeen = `CASE WHEN person_id IS NOT NULL THEN ${of('person', 'id', 'person_id')}
  WHEN employer_id IS NOT NULL THEN ${of('employer', 'id', 'employer_id')}
  ELSE ${of('dossier', 'id', 'dossier_id')} END`;

/** What other services are told of: written in the transaction of the effect, numbered in the order of the commits. */
export class CreateEvents1796000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- The last number given. Whoever takes one holds this row to the commit: a number is never seen before a lower one, and a
-- reader who has read to a number has missed none.
CREATE TABLE event_head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  last bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO event_head (last) VALUES (0);
CREATE TRIGGER event_head_kept BEFORE DELETE OR TRUNCATE ON event_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of whom, and not what: that is read from the record when the event is, so nothing of a person is kept twice.
CREATE TABLE event (
  seq bigint PRIMARY KEY,
  -- Numbers are given anew after a backup came back; this tells one event from another of the same number.
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CONSTRAINT event_type CHECK (type IN ('person.registered', 'person.changed', 'person.moved',
    'person.died', 'employer.closed', 'dossier.decided')),
  person_id uuid REFERENCES person,
  employer_id uuid REFERENCES employer,
  dossier_id uuid REFERENCES dossier,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT event_of_one CHECK (num_nonnulls(person_id, employer_id, dossier_id) = 1)
);
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    await runner.query(protect('event', isSeen));
    await runner.query(open(...head));
    // Whoever follows from the beginning hears of those who were here before there were events.
    await runner.query(`
SET LOCAL ROLE ansinh_system;
WITH counted AS (UPDATE event_head SET last = (SELECT count(*) FROM person) RETURNING last)
INSERT INTO event (seq, type, person_id)
SELECT row_number() OVER (ORDER BY id), 'person.registered', id FROM person, counted;
RESET ROLE;
-- Statistics follow each bulk change.
GRANT MAINTAIN ON event TO ansinh_system;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['event', 'event_head']) await runner.query(unprotect(table));
    await runner.query('DROP TABLE event, event_head');
  }
}
