import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect } from '@ansinh/database';

/** Documents of the banks that were refused: they stay with the bank, and here stands which they are and why. */
export class CreateRefusedDocuments1795501250000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
INSERT INTO state_edge (machine, from_state, to_state) VALUES ('refusedDocument', 'open', 'taken');

CREATE TABLE refused_document (
  id uuid PRIMARY KEY,
  fund_id uuid NOT NULL CONSTRAINT refused_document_fund REFERENCES fund,
  -- How the bank calls it in its outbox: by it the document is fetched again.
  bank_document text NOT NULL,
  -- What it says of itself, where it could be read.
  kind text,
  document_id text,
  sequence bigint,
  code text NOT NULL,
  reason jsonb NOT NULL,
  -- Refused only because the one before it is missing: tried again by itself when another statement has come.
  is_waiting boolean NOT NULL,
  state text NOT NULL DEFAULT 'open',
  attempts int NOT NULL DEFAULT 1,
  refused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Statements that came after this instant have not been considered yet.
  tried_at timestamptz NOT NULL DEFAULT '-infinity',
  taken_at timestamptz,
  taken_by text,
  CONSTRAINT refused_document_once UNIQUE (fund_id, bank_document),
  CONSTRAINT refused_document_taken CHECK (state = 'taken' OR (taken_at IS NULL AND taken_by IS NULL))
);
CREATE INDEX refused_document_open ON refused_document (fund_id, id) WHERE state = 'open';
CREATE TRIGGER refused_document_state BEFORE INSERT OR UPDATE OF state ON refused_document
  FOR EACH ROW EXECUTE FUNCTION guard_state('refusedDocument', 'open');
CREATE TRIGGER refused_document_kept BEFORE DELETE OR TRUNCATE ON refused_document
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${protect('refused_document', of('fund', 'id', 'fund_id'))}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE refused_document;
DELETE FROM state_edge WHERE machine = 'refusedDocument';`);
  }
}
