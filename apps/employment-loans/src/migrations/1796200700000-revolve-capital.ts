import type { MigrationInterface, QueryRunner } from 'typeorm';
import { changeLedger } from '@ansinh/ledger';

const before = {
  name: 'capital',
  ownerColumn: 'plan_id',
  ownerTable: 'capital_plan',
  accounts: { planned: 'source', available: 'held', committed: 'held', ordered: 'held', lent: 'held' },
  kinds: ['plan', 'commitment', 'release', 'order', 'payment', 'return', 'lateReturn', 'reversal'],
} as const;
const after = {
  ...before,
  // What was collected and is lent again may be taken back: a payment that never was. Then more is approved than there is.
  accounts: { ...before.accounts, collected: 'open', carried: 'open', available: 'open' },
  kinds: [...before.kinds, 'collection', 'carryOver'],
} as const;

/** Principal that borrowers repay is available again, in the plan of the year of the fund that it came from. */
export class RevolveCapital1796200700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
${changeLedger(after)}

-- Nobody approves, carries over or cuts a plan beyond what is available.
CREATE FUNCTION guard_available_capital() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM posted
      JOIN capital_transaction entry ON entry.id = posted.transaction_id AND entry.kind <> 'collection'
      JOIN capital_account account ON account.plan_id = posted.plan_id AND account.kind = posted.kind
    WHERE posted.kind = 'available' AND posted.amount < 0 AND account.balance < 0
  ) THEN
    RAISE EXCEPTION 'the plan has not so much available'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'capital_account_covered';
  END IF;
  RETURN NULL;
END $$;
-- Behind capital_posting_balance, by its name.
CREATE TRIGGER capital_posting_covered AFTER INSERT ON capital_posting
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION guard_available_capital();

-- The owner sees no plan.
SET LOCAL ROLE ansinh_system;
INSERT INTO capital_account (plan_id, kind)
  SELECT id, kind FROM capital_plan, unnest(ARRAY['collected', 'carried']) kind;
-- What was collected before this table of accounts knew of it: of the plan that was lent from.
WITH collected AS (
  SELECT loan.plan_id, -sum(posting.amount)::bigint AS amount
  FROM book_transaction entry
    JOIN loan_event event ON event.loan_id = entry.loan_id AND event.number::text = entry.cause
    JOIN book_posting posting ON posting.transaction_id = entry.id
    JOIN loan ON loan.id = entry.loan_id
  WHERE event.kind IN ('repaid', 'refunded') AND posting.kind IN ('principal', 'overduePrincipal')
  GROUP BY loan.plan_id HAVING sum(posting.amount) <> 0),
booked AS (
  INSERT INTO capital_transaction (plan_id, kind, reference)
  SELECT plan_id, 'collection', 'RevolveCapital1796200700000' FROM collected RETURNING id, plan_id)
INSERT INTO capital_posting (transaction_id, plan_id, kind, amount)
  SELECT booked.id, booked.plan_id, side.kind, side.sign * collected.amount
  FROM booked JOIN collected USING (plan_id), (VALUES ('collected', -1), ('available', 1)) AS side (kind, sign);
RESET ROLE;`);
  }

  /** Back to a ledger without what was collected is possible only where nothing was: entries are never taken out. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER capital_posting_covered ON capital_posting;
DROP FUNCTION guard_available_capital();
ALTER TABLE capital_account DISABLE TRIGGER capital_account_kept;
-- The owner sees no account.
SET LOCAL ROLE ansinh_system;
DELETE FROM capital_account WHERE kind IN ('collected', 'carried') AND balance = 0;
RESET ROLE;
ALTER TABLE capital_account ENABLE TRIGGER capital_account_kept;
${changeLedger(before)}`);
  }
}
