import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a programme has to know of its list: that it is the one it sent, and what became of it since it last asked. */
export class TellOutcomes1796000720000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- SHA-256 of the list as it was sent, byte for byte; null: of before this column, or no list yet.
ALTER TABLE batch ADD COLUMN list_digest text;

-- When something last became known of its payments: 0 for never, else a number that grows within the batch.
ALTER TABLE chunk ADD COLUMN outcome_no bigint NOT NULL DEFAULT 0;
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
UPDATE chunk SET outcome_no = 1 WHERE paid_count + returned_count + refused_count > 0;
RESET ROLE;

-- Who changes the counters holds the row lock of the batch to the commit: a number is never seen before a lower one of the
-- same batch. Microseconds, and not a count: a database that was put back to an earlier day goes on behind what was read.
CREATE FUNCTION number_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.outcome_no := greatest(
    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    (SELECT max(outcome_no) + 1 FROM chunk WHERE batch_number = NEW.batch_number));
  RETURN NEW;
END $$;
CREATE TRIGGER chunk_outcome BEFORE UPDATE OF paid_count, returned_count, refused_count ON chunk FOR EACH ROW
  WHEN ((OLD.paid_count, OLD.returned_count, OLD.refused_count) IS DISTINCT FROM
        (NEW.paid_count, NEW.returned_count, NEW.refused_count))
  EXECUTE FUNCTION number_outcome();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER chunk_outcome ON chunk;
DROP FUNCTION number_outcome();
ALTER TABLE chunk DROP COLUMN outcome_no;
ALTER TABLE batch DROP COLUMN list_digest;`);
  }
}
