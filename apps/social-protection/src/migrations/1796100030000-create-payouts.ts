import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';
import { dropPayoutTables, payoutTables } from '@ansinh/payouts';

const protectedTables: Record<string, string> = {
  run_payout: of('support_run', 'id', 'run_id'),
  payout_line: of('run_payout', 'id', 'run_payout_id'),
  payout_outcome: of('payout', 'id', 'payout_id'),
};

/** What is owed on its way to the people, and what became of it. */
export class CreatePayouts1796100030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(payoutTables);
    await runner.query(`
-- A list of what is unpaid of a run. It may have several: what came back goes into another one.
CREATE TABLE run_payout (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES support_run,
  payout_id uuid CONSTRAINT run_payout_once UNIQUE REFERENCES payout
);
CREATE INDEX run_payout_run ON run_payout (run_id);

CREATE TABLE payout_line (
  run_payout_id uuid NOT NULL REFERENCES run_payout,
  row_no int NOT NULL,
  entitlement_id uuid NOT NULL REFERENCES entitlement,
  PRIMARY KEY (run_payout_id, row_no)
);
CREATE INDEX payout_line_entitlement ON payout_line (entitlement_id);
CREATE TRIGGER payout_line_append_only BEFORE UPDATE OR DELETE ON payout_line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was told of a line, in the order in which it was told: the last one counts.
CREATE TABLE payout_outcome (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payout_id uuid NOT NULL REFERENCES payout,
  row_no int NOT NULL,
  status text NOT NULL CONSTRAINT payout_outcome_status
    CHECK (status IN ('paid', 'returned', 'refused', 'setAside', 'cancelled')),
  amount bigint,
  booked_on date,
  reason text,
  findings text[] NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payout_outcome_row ON payout_outcome (payout_id, row_no, id DESC);
CREATE TRIGGER payout_outcome_append_only BEFORE UPDATE OR DELETE ON payout_outcome
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    await runner.query('GRANT MAINTAIN ON payout_line, payout_outcome TO ansinh_system');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(protectedTables)) await runner.query(unprotect(table));
    await runner.query('DROP TABLE payout_outcome, payout_line, run_payout');
    await runner.query(dropPayoutTables);
  }
}
