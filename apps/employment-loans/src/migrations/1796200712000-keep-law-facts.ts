import type { MigrationInterface, QueryRunner } from 'typeorm';

const guard = (columns: readonly string[]) => {
  const of = (row: string) => columns.map((column) => `${row}.${column}`).join(', ');
  return `
CREATE OR REPLACE FUNCTION guard_loan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.moves <> OLD.moves + 1 OR (${of('NEW')}) IS DISTINCT FROM (${of('OLD')}) THEN
    RAISE EXCEPTION 'a loan changes by a move, and never what was asked for'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_moved';
  END IF;
  RETURN NEW;
END $$;`;
};

const asked = [
  ...[
    'id',
    'code',
    'product_code',
    'place_code',
    'office_code',
    'borrower_kind',
    'borrower_name',
    'person_id',
  ],
  ...['employer_id', 'is_priority', 'amount', 'term_months', 'project'],
];

/**
 * What the law asks of an application beside its amount, each with its paper. That somebody is of a priority group is decided by
 * these facts, not told: an application says it no more, and what older ones said is kept as it was said.
 */
export class KeepLawFacts1796200712000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE loan ADD COLUMN law_facts jsonb NOT NULL DEFAULT '[]';
ALTER TABLE loan ALTER COLUMN is_priority DROP NOT NULL;
${guard([...asked, 'law_facts'])}`);
  }

  /** Nobody who applied since told a priority. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
${guard(asked)}
ALTER TABLE loan DISABLE TRIGGER loan_changes;
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
UPDATE loan SET is_priority = false WHERE is_priority IS NULL;
RESET ROLE;
ALTER TABLE loan ENABLE TRIGGER loan_changes;
ALTER TABLE loan ALTER COLUMN is_priority SET NOT NULL;
ALTER TABLE loan DROP COLUMN law_facts;`);
  }
}
