import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that the post office hands out: by lists of communes, to people without an account. */
export class CreateCashLists1795501100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A chunk of a cash batch is a list of one commune. Null where a bank pays.
ALTER TABLE chunk ADD place_code text;

-- Whoever is paid in cash has no account. Whether a payment may be without one is a matter of its batch: see below.
ALTER TABLE payment ALTER account_key DROP NOT NULL;

CREATE OR REPLACE FUNCTION guard_new_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_late boolean;
  is_misdirected boolean;
BEGIN
  SELECT bool_or(batch.state IS DISTINCT FROM 'submitted'),
         bool_or(CASE batch.channel WHEN 'post-cash' THEN paid.with_account ELSE paid.without_account END)
  INTO is_late, is_misdirected
  FROM (SELECT batch_number, bool_or(account_key IS NULL) AS without_account, bool_or(account_key IS NOT NULL) AS with_account
        FROM added GROUP BY batch_number) paid
  LEFT JOIN batch ON batch.number = paid.batch_number;
  IF is_late THEN
    RAISE EXCEPTION 'payments are made only by the approval of a submitted batch'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_immutable';
  END IF;
  IF is_misdirected THEN
    RAISE EXCEPTION 'a bank pays to an account, the post office to none'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_account';
  END IF;
  RETURN NULL;
END $$;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE OR REPLACE FUNCTION guard_new_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT batch_number FROM added) touched
             LEFT JOIN batch ON batch.number = touched.batch_number
             WHERE batch.state IS DISTINCT FROM 'submitted') THEN
    RAISE EXCEPTION 'payments are made only by the approval of a submitted batch'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_immutable';
  END IF;
  RETURN NULL;
END $$;
ALTER TABLE payment ALTER account_key SET NOT NULL;
ALTER TABLE chunk DROP place_code;`);
  }
}
