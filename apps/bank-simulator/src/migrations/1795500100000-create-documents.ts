import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the bank tells its customers, and the faults it is told to have. */
export class CreateDocuments1795500100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE document (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT document_id UNIQUE,
  account_id int NOT NULL REFERENCES account,
  type text NOT NULL CHECK (type IN ('camt.053', 'camt.054')),
  -- What it tells: one movement in the books, or one statement.
  journal_number bigint REFERENCES journal,
  statement_number bigint REFERENCES statement,
  -- The same content once more under another id.
  copy_of bigint REFERENCES document,
  publish_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Given when it is published, in the order of publication; until then nobody sees it.
  cursor bigint CONSTRAINT document_cursor UNIQUE,
  bytes bigint,
  CHECK ((journal_number IS NULL) <> (statement_number IS NULL)),
  CHECK ((cursor IS NULL) = (bytes IS NULL))
);
CREATE SEQUENCE document_cursor_sequence;
CREATE INDEX document_to_publish ON document (publish_at, number) WHERE cursor IS NULL;
CREATE INDEX document_of_account ON document (account_id, cursor);

-- The document's bytes as published, each part compressed by itself.
CREATE TABLE document_part (
  document_number bigint NOT NULL REFERENCES document,
  part int NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (document_number, part)
);
ALTER TABLE document_part ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE fault_plan (
  is_current boolean PRIMARY KEY DEFAULT true CHECK (is_current),
  seed text NOT NULL,
  rates jsonb NOT NULL
);

-- Messages whose first delivery was cut: the second is let through, also after a restart.
CREATE TABLE cut_delivery (message_id text COLLATE "C" PRIMARY KEY);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE cut_delivery, fault_plan, document_part, document;
DROP SEQUENCE document_cursor_sequence;`);
  }
}
