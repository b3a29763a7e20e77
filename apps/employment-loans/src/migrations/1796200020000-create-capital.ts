import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { dropLedgerTables, ledgerTables } from '@ansinh/ledger';

const ledger = {
  name: 'capital',
  ownerColumn: 'plan_id',
  ownerTable: 'capital_plan',
  accounts: { planned: 'source', available: 'held', committed: 'held', ordered: 'held', lent: 'held' },
  kinds: ['plan', 'commitment', 'release', 'order', 'payment', 'return', 'lateReturn', 'reversal'],
} as const;

/** The capital that may be lent, by place and year, and where each đồng of it stands. */
export class CreateCapital1796200020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE capital_plan (
  id uuid PRIMARY KEY,
  place_code text NOT NULL,
  year int NOT NULL CHECK (year BETWEEN 2000 AND 2100),
  source text NOT NULL CHECK (source IN ('central', 'province', 'district')),
  -- The most that an office below the province approves from it.
  limit_below_province bigint CHECK (limit_below_province > 0),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT capital_plan_once UNIQUE (place_code, year, source)
);
CREATE TRIGGER capital_plan_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON capital_plan
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${ledgerTables(ledger)}`);
    await runner.query(protect('capital_plan', ofOffice('place_code')));
    for (const table of ledgerOf) await runner.query(protect(table, of('capital_plan', 'id', 'plan_id')));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['capital_plan', ...ledgerOf]) await runner.query(unprotect(table));
    await runner.query(`${dropLedgerTables('capital')} DROP TABLE capital_plan;`);
  }
}

const ledgerOf = ['capital_account', 'capital_transaction', 'capital_posting'];
