import type { MigrationInterface, QueryRunner } from 'typeorm';
import { open, unprotect } from '@ansinh/database';

const openTables: Parameters<typeof open>[] = [
  ['bank_comparison', 'names messages, and nobody', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['recovery', 'books come back whole', { office: 'SELECT', system: 'SELECT, INSERT, UPDATE' }],
  ['recovery_message', 'names messages, and nobody', { system: 'SELECT, INSERT' }],
];

/** Books that may be older than the bank's: how that is noticed, and how they are brought up to it. */
export class CreateRecovery1795501300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Whoever puts a database back to an earlier day must start its server. So nothing is sent after a start until the bank
-- was asked whether it knows messages that these books have never sent.
CREATE TABLE bank_comparison (
  server_started_at timestamptz PRIMARY KEY,
  verdict text NOT NULL CHECK (verdict IN ('agrees', 'ahead')),
  asked int NOT NULL,
  -- Those that the bank knows and these books have never sent; of each batch the first ones alone.
  messages text[] NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER bank_comparison_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_comparison
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO state_edge (machine, from_state, to_state) VALUES
  ('recovery', 'asking', 'collecting'), ('recovery', 'collecting', 'collected'), ('recovery', 'collected', 'ended');
CREATE TABLE recovery (
  number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state text NOT NULL DEFAULT 'asking',
  server_started_at timestamptz NOT NULL DEFAULT pg_postmaster_start_time(),
  -- Numbers of batches that are given to none: the lost books may have used them.
  first_skipped bigint NOT NULL,
  last_skipped bigint NOT NULL CHECK (first_skipped <= last_skipped),
  paused int NOT NULL,
  problem text,
  note text NOT NULL CHECK (note <> ''),
  begun_by text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  end_note text,
  ended_by text,
  ended_at timestamptz
);
CREATE UNIQUE INDEX recovery_one ON recovery ((true)) WHERE state <> 'ended';
CREATE TRIGGER recovery_state BEFORE INSERT OR UPDATE OF state ON recovery
  FOR EACH ROW EXECUTE FUNCTION guard_state('recovery', 'asking');
CREATE TRIGGER recovery_kept BEFORE DELETE OR TRUNCATE ON recovery
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the bank said of each message that it was asked for.
CREATE TABLE recovery_message (
  recovery_number int NOT NULL REFERENCES recovery,
  message_id text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('accepted', 'refused', 'received', 'absent', 'byHand')),
  -- Whether these books have the message, and whether they had it as sent.
  is_ours boolean NOT NULL,
  was_sent boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (recovery_number, message_id)
);
CREATE TRIGGER recovery_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recovery_message
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Numbers of batches from here on are above those that are skipped, and above all that there are: the caller sees them, the
-- owner of this function does not. For a login that owns no sequence.
CREATE FUNCTION skip_batch_numbers(skipped int, above bigint, OUT first_skipped bigint, OUT last_skipped bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sequence regclass := pg_get_serial_sequence('batch', 'number');
BEGIN
  first_skipped := greatest(nextval(sequence), above + 1);
  last_skipped := first_skipped + skipped - 1;
  PERFORM setval(sequence, last_skipped);
END $$;
REVOKE EXECUTE ON FUNCTION skip_batch_numbers(int, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION skip_batch_numbers(int, bigint) TO ansinh_system;

-- An account that got money by a payment which these books do not know: the next list must not pay it again unseen.
ALTER TABLE payment_exception ADD COLUMN account_key uuid;
CREATE INDEX payment_exception_unexplained ON payment_exception (account_key, observed_amount)
  WHERE code = 'UNKNOWN_PAYMENT' AND direction = 'debit' AND state = 'open';`);
    for (const table of openTables) await runner.query(open(...table));
    await runner.query(`
-- Books without a message have nothing to compare. The owner sees none of them.
SET LOCAL ROLE ansinh_system;
INSERT INTO bank_comparison (server_started_at, verdict, asked, messages)
SELECT pg_postmaster_start_time(), 'agrees', 0, '{}' WHERE NOT EXISTS (SELECT FROM chunk);
RESET ROLE;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table] of openTables) await runner.query(unprotect(table));
    await runner.query(`
DROP INDEX payment_exception_unexplained;
ALTER TABLE payment_exception DROP COLUMN account_key;
DROP FUNCTION skip_batch_numbers(int, bigint);
DROP TABLE recovery_message, recovery, bank_comparison;
DELETE FROM state_edge WHERE machine = 'recovery';`);
  }
}
