import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, officeRoles, ofOffice, open, protect, unprotect } from '@ansinh/database';

const ofBatch = of('batch', 'number', 'batch_number');
const ofFund = of('fund', 'id', 'fund_id');

const protectedTables: Record<string, string> = {
  fund: ofOffice('office_code'),
  batch: ofOffice('office_code'),
  schedule: ofOffice('office_code'),
  access_log: ofOffice('office'),
  audit_event: ofOffice('office'),

  ledger_account: ofFund,
  ledger_transaction: ofFund,
  ledger_posting: ofFund,
  statement: ofFund,
  bank_cursor: ofFund,
  statement_entry: of('statement', 'id', 'statement_id'),
  // Of the batch's office where the batch is known: the fund's may be another one.
  payment_exception: `CASE WHEN batch_number IS NULL THEN ${ofFund} ELSE ${ofBatch} END`,

  payment_line: ofBatch,
  sealed_block: ofBatch,
  block_reseal: ofBatch,
  finding: ofBatch,
  waiver: ofBatch,
  decision: ofBatch,
  chunk: ofBatch,
  payment: ofBatch,
  payment_outcome: ofBatch,
  follow_up_line: ofBatch,
  sample: ofBatch,
  sample_stratum: of('sample', 'id', 'sample_id'),
  sample_line: of('sample', 'id', 'sample_id'),
  sample_result: of('sample', 'id', 'sample_id'),
  schedule_month: of('schedule', 'id', 'schedule_id'),
};

const openTables: Parameters<typeof open>[] = [
  ['programme', 'programmes are law', { office: 'SELECT, INSERT, UPDATE', system: 'SELECT' }],
  ['bank_profile', 'banks serve everybody', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['state_edge', 'what states may follow each other', { office: 'SELECT', system: 'SELECT' }],
  [
    'idempotency_key',
    'asked by the id and key of the caller; answers name no payee',
    { office: 'SELECT, INSERT', system: 'SELECT, INSERT' },
  ],
  ['key_rotation', 'one key seals all lists', { office: 'SELECT', system: 'SELECT, INSERT, UPDATE' }],
  ['audit_head', 'the audit log is one chain', { office: 'SELECT', system: 'SELECT, UPDATE' }],
  ['audit_key', 'whoever verifies the log needs it', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['audit_root', 'whoever verifies the log needs it', { office: 'SELECT', system: 'SELECT, INSERT' }],
  ['schema_migration', 'asked by migrations alone', {}],
];

/** Row-level security by office on everything that names a person. */
export class ProtectOffices1795501230000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(officeRoles);
    for (const [table, isVisible] of Object.entries(protectedTables)) {
      await runner.query(protect(table, isVisible));
    }
    for (const table of openTables) await runner.query(open(...table));
    await runner.query(`
-- A district sees the lines that the province pays to its own people, and nothing else of that batch. The batch is asked
-- first, from a hash: hundreds of place codes a line would make fifteen times of the reading of a whole list.
CREATE POLICY payment_line_of_place ON payment_line FOR SELECT TO ansinh_office
  USING (${ofBatch} OR ${ofOffice('place_code')});
-- Statistics follow each bulk change, in its transaction.
GRANT MAINTAIN ON payment_line, payment, payment_outcome TO ansinh_office, ansinh_system;`);
  }

  /** The roles stay: they are the server's. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP POLICY payment_line_of_place ON payment_line');
    for (const table of [...Object.keys(protectedTables), ...openTables.map(([name]) => name)]) {
      await runner.query(unprotect(table));
    }
    await runner.query('DROP FUNCTION offices_in_scope()');
  }
}
