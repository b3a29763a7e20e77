import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, open, protect, unprotect } from '@ansinh/database';

/** What others are told of loans, numbered in the order of the commits, and which loan has an instalment due next. */
export class CreateEvents1796200670000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- The last number given. Whoever takes one holds this row to the commit: a number is never seen before a lower one.
CREATE TABLE event_head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  last bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO event_head (last) VALUES (0);
CREATE TRIGGER event_head_kept BEFORE DELETE OR TRUNCATE ON event_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE event (
  seq bigint PRIMARY KEY,
  -- Numbers are given anew after a backup came back; this tells one event from another of the same number.
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CHECK (type IN ('instalment.dueSoon', 'instalment.overdue', 'loan.closed')),
  loan_id uuid NOT NULL REFERENCES loan,
  -- Of an instalment: its due day. Of a loan that closed: its move.
  due_on date,
  move int,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((type = 'loan.closed') = (due_on IS NULL) AND (due_on IS NULL) = (move IS NOT NULL)),
  CONSTRAINT event_once UNIQUE NULLS NOT DISTINCT (loan_id, type, due_on, move)
);
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Null where nothing falls due any more.
ALTER TABLE loan_book ADD next_due_on date;
CREATE INDEX loan_book_next_due ON loan_book (next_due_on, loan_id) WHERE next_due_on IS NOT NULL;
-- The next closing finds both of every loan that is out.
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
UPDATE loan_book SET wakes_on = least(wakes_on, booked_through + 1) WHERE wakes_on IS NOT NULL;
RESET ROLE;`);
    await runner.query(protect('event', of('loan', 'id', 'loan_id')));
    await runner.query(
      open('event_head', 'counts the events, and names nobody', {
        office: 'SELECT, UPDATE',
        system: 'SELECT, UPDATE',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['event', 'event_head']) await runner.query(unprotect(table));
    await runner.query('DROP TABLE event, event_head; ALTER TABLE loan_book DROP next_due_on');
  }
}
