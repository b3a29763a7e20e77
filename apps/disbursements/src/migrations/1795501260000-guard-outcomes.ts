import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What becomes of a payment is guarded as states are, and nothing on the money path can be deleted, also not from psql. */
export class GuardOutcomes1795501260000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A payment that was not handed over has no outcome; a refused one has no other. Once a statement, by ranges of rows:
-- a look at each of 604,000 payments would cost as much as writing their outcomes. Only where a refusal is near are the
-- lines looked at one by one, by their key whatever the planner believes.
CREATE FUNCTION guard_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT batch_number, min(row_no) AS first_row, max(row_no) AS last_row FROM told GROUP BY batch_number) span
    JOIN chunk ON chunk.batch_number = span.batch_number
      AND chunk.first_row <= span.last_row AND chunk.last_row >= span.first_row
    WHERE chunk.first_sent_at IS NULL
      AND EXISTS (SELECT FROM told WHERE told.batch_number = chunk.batch_number
                  AND told.row_no BETWEEN chunk.first_row AND chunk.last_row)
  ) THEN
    RAISE EXCEPTION 'a payment that was not handed over has no outcome'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outcome_edge';
  END IF;
  IF EXISTS (
    SELECT FROM (SELECT batch_number, min(row_no) AS first_row, max(row_no) AS last_row FROM told GROUP BY batch_number) span
    JOIN payment_outcome refused ON refused.batch_number = span.batch_number
      AND refused.row_no BETWEEN span.first_row AND span.last_row AND refused.kind = 'refused'
  ) AND EXISTS (
    SELECT FROM told CROSS JOIN LATERAL (
      SELECT kind FROM payment_outcome known
      WHERE known.batch_number = told.batch_number AND known.row_no = told.row_no OFFSET 0) known
    WHERE (known.kind = 'refused') <> (told.kind = 'refused')
  ) THEN
    RAISE EXCEPTION 'a payment is either refused, or paid and returned'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outcome_edge';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_outcome_edge AFTER INSERT ON payment_outcome
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION guard_outcome();`);
    for (const table of ['batch', 'chunk', 'payment_exception']) {
      await runner.query(`
CREATE TRIGGER ${table}_kept BEFORE DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['batch', 'chunk', 'payment_exception']) {
      await runner.query(`DROP TRIGGER ${table}_kept ON ${table}`);
    }
    await runner.query(`
DROP TRIGGER payment_outcome_edge ON payment_outcome;
DROP FUNCTION guard_outcome();`);
  }
}
