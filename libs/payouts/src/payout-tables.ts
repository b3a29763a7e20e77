import { of, ofOffice, protect, unprotect } from '@ansinh/database';
import { payoutTransitions } from './payout.js';

const edges = Object.entries(payoutTransitions).flatMap(([from, states]) =>
  states.map((to) => `('payout', '${from}', '${to}')`),
);

/** DDL for a migration of the programme's service, behind `guards` of `libs/database`. A row of its own refers to (payout, row). */
export const payoutTables = `
INSERT INTO state_edge (machine, from_state, to_state) VALUES ${edges.join(', ')};

-- A payment list on its way into a batch of the disbursements, and what is read of its outcomes.
CREATE TABLE payout (
  id uuid PRIMARY KEY,
  office_code text NOT NULL,
  fund_id uuid NOT NULL,
  programme_code text NOT NULL,
  purpose text NOT NULL,
  period text NOT NULL,
  channel text NOT NULL,
  decided_by text NOT NULL,
  rows int NOT NULL CHECK (rows > 0),
  amount bigint NOT NULL CHECK (amount > 0),
  -- SHA-256 of the list: the batch is this payout's as long as its list has this digest.
  list_digest text NOT NULL,
  state text NOT NULL DEFAULT 'frozen',
  withdrawal text CHECK (withdrawal <> ''),
  batch_id uuid CONSTRAINT payout_batch UNIQUE,
  batch_code text CONSTRAINT payout_batch_code UNIQUE,
  -- Behind the last outcome that was taken in.
  cursor text,
  problem jsonb,
  -- When it is looked at next; whoever does puts it off by a lease first.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT payout_has_batch CHECK (batch_id IS NOT NULL OR state IN ('frozen', 'cancelled'))
);
CREATE INDEX payout_due ON payout (due_at) WHERE due_at < 'infinity';
CREATE INDEX payout_office ON payout (office_code, id);
CREATE TRIGGER payout_state BEFORE INSERT OR UPDATE OF state ON payout
  FOR EACH ROW EXECUTE FUNCTION guard_state('payout', 'frozen');
CREATE TRIGGER payout_kept BEFORE DELETE OR TRUNCATE OR UPDATE OF id, office_code, fund_id, programme_code, purpose, period,
  channel, decided_by, rows, amount, list_digest ON payout
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The list itself, 500 lines under one seal, until the disbursements have it and it can change there no more.
CREATE TABLE payout_block (
  -- Its payout is written behind it, when the whole list is known.
  payout_id uuid NOT NULL REFERENCES payout DEFERRABLE INITIALLY DEFERRED,
  block_no int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (payout_id, block_no)
);
ALTER TABLE payout_block ALTER COLUMN sealed SET STORAGE EXTERNAL;
${protect('payout', ofOffice('office_code'))}
${protect('payout_block', of('payout', 'id', 'payout_id'))}`;

/** Takes `payoutTables` back. */
export const dropPayoutTables = `
${unprotect('payout_block')}
${unprotect('payout')}
DROP TABLE payout_block, payout;
DELETE FROM state_edge WHERE machine = 'payout';`;
