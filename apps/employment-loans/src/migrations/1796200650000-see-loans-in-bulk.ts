import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ofOffice, ofOfficeInBulk } from '@ansinh/database';

/** Loans are looked through by thousands, for lists and sums, and everything of a loan is seen by whether the loan is. */
export class SeeLoansInBulk1796200650000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER POLICY loan_of_office ON loan USING (${ofOfficeInBulk('place_code')})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER POLICY loan_of_office ON loan USING (${ofOffice('place_code')})`);
  }
}
