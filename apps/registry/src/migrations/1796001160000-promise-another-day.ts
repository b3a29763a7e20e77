import type { MigrationInterface, QueryRunner } from 'typeorm';

const kindsBefore = `'presented', 'received', 'refused', 'assigned', 'forwarded', 'supplementAsked', 'supplemented', 'held',
  'resumed', 'decided', 'returned', 'withdrawn'`;

/**
 * Where the day on the receipt cannot be kept the applicant is promised another one, with an apology, and once only (Decree
 * 61/2018/NĐ-CP, article 19, clause 9). The day that the law gives stays as it is. With it comes the index of the register of a
 * desk, which goes by the day of reception.
 */
export class PromiseAnotherDay1796001160000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE dossier ADD COLUMN promised_on date;
ALTER TABLE dossier_move ADD COLUMN promised_on date,
  DROP CONSTRAINT dossier_move_kind_check,
  ADD CONSTRAINT dossier_move_kind_check CHECK (kind IN (${kindsBefore}, 'apologised')),
  ADD CONSTRAINT dossier_move_promise CHECK ((kind = 'apologised') = (promised_on IS NOT NULL));
CREATE UNIQUE INDEX dossier_move_one_apology ON dossier_move (dossier_id) WHERE kind = 'apologised';
CREATE INDEX dossier_desk ON dossier (office_code, presented_at, id);`);
  }

  /** Only where nothing was promised: moves stay. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX dossier_desk;
DROP INDEX dossier_move_one_apology;
ALTER TABLE dossier_move DROP CONSTRAINT dossier_move_promise, DROP COLUMN promised_on,
  DROP CONSTRAINT dossier_move_kind_check, ADD CONSTRAINT dossier_move_kind_check CHECK (kind IN (${kindsBefore}));
ALTER TABLE dossier DROP COLUMN promised_on;`);
  }
}
