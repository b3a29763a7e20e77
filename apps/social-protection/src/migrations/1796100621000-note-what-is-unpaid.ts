import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/** What a list of a month has to look at: what is unpaid of runs that were put on a list, however many were paid. */
export class NoteWhatIsUnpaid1796100621000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Whether what it owes was put on a list. What the list left out, and what came back since, stands in unpaid_entitlement.
ALTER TABLE support_run ADD is_listed boolean NOT NULL DEFAULT false;

-- Everything of a listed run that may be put on another list. Where it stands is told by its lines and outcomes alone: what is paid
-- or on its way is left out by them, though it stood here.
CREATE TABLE unpaid_entitlement (
  run_id uuid NOT NULL,
  entitlement_id uuid NOT NULL,
  PRIMARY KEY (run_id, entitlement_id)
);
CREATE TRIGGER unpaid_entitlement_referred AFTER INSERT ON unpaid_entitlement REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('entitlement', 'entitlement_id',
    'referred.id = entered.entitlement_id AND referred.run_id = entered.run_id');

-- By whomever it is told: what was not noted here would never be paid.
CREATE FUNCTION note_unpaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM told WHERE status <> 'paid') THEN
    INSERT INTO unpaid_entitlement (run_id, entitlement_id)
    SELECT e.run_id, e.id FROM told
    JOIN run_payout way ON way.payout_id = told.payout_id
    JOIN payout_line line ON line.run_payout_id = way.id AND line.row_no = told.row_no
    JOIN entitlement e ON e.id = line.entitlement_id
    WHERE told.status <> 'paid'
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER payout_outcome_unpaid AFTER INSERT ON payout_outcome REFERENCING NEW TABLE AS told
  FOR EACH STATEMENT EXECUTE FUNCTION note_unpaid();
${protect('unpaid_entitlement', of('support_run', 'id', 'run_id'))}

-- The owner sees no row of his tables.
SET LOCAL ROLE ansinh_system;
-- By a list of its own, or by that of a month after it.
UPDATE support_run run SET is_listed = true
WHERE EXISTS (SELECT FROM entitlement e JOIN payout_line line ON line.entitlement_id = e.id WHERE e.run_id = run.id);
INSERT INTO unpaid_entitlement (run_id, entitlement_id)
SELECT run.id, e.id FROM support_run run JOIN entitlement e ON e.run_id = run.id
WHERE run.is_listed AND NOT e.is_released AND coalesce((
  SELECT coalesce((
    SELECT status FROM payout_outcome told WHERE told.payout_id = way.payout_id AND told.row_no = line.row_no
    ORDER BY told.id DESC LIMIT 1), 'inPayment')
  FROM payout_line line JOIN run_payout way ON way.id = line.run_payout_id
  WHERE line.entitlement_id = e.id ORDER BY way.id DESC LIMIT 1), 'due') NOT IN ('inPayment', 'paid');
RESET ROLE;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
${unprotect('unpaid_entitlement')}
DROP TRIGGER payout_outcome_unpaid ON payout_outcome;
DROP FUNCTION note_unpaid();
DROP TABLE unpaid_entitlement;
ALTER TABLE support_run DROP is_listed;`);
  }
}
