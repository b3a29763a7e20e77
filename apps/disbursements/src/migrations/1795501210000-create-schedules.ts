import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Monthly cycles, and the batches that were opened for them. */
export class CreateSchedules1795501210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE schedule (
  id uuid PRIMARY KEY,
  fund_id uuid NOT NULL CONSTRAINT schedule_fund REFERENCES fund,
  programme_code text NOT NULL CONSTRAINT schedule_programme REFERENCES programme,
  purpose text NOT NULL,
  channel text NOT NULL,
  office_code text NOT NULL,
  cycle jsonb NOT NULL,
  days_ahead int NOT NULL,
  first_period text NOT NULL,
  last_period text,
  is_paused boolean NOT NULL DEFAULT false,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT schedule_days_ahead CHECK (days_ahead BETWEEN 0 AND 60),
  CONSTRAINT schedule_periods CHECK (last_period IS NULL OR first_period <= last_period)
);
CREATE INDEX schedule_office ON schedule (office_code, id);

-- One row a month that is done with: its batch, or who decided that there is none. Never taken back: so no month comes
-- twice, whatever the clock does and however many workers look.
CREATE TABLE schedule_month (
  schedule_id uuid NOT NULL REFERENCES schedule,
  period text NOT NULL,
  batch_number bigint CONSTRAINT schedule_month_batch UNIQUE REFERENCES batch (number),
  skipped_by text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT schedule_month_once PRIMARY KEY (schedule_id, period),
  CONSTRAINT schedule_month_decided CHECK ((batch_number IS NULL) = (skipped_by IS NOT NULL))
);
CREATE TRIGGER schedule_month_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schedule_month
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schedule_month, schedule;');
  }
}
